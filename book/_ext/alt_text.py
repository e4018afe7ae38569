"""Every picture says in words what it shows, and reserves its place on the page.

``course_code.figures.show`` puts a picture and its alt text in one output: ``image/png`` beside
``text/plain``. Here the second becomes the ``alt`` of the first. A picture with none is a warning.
"""

from pathlib import Path

import imagesize
from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

ADVICE = (
    "picture without alt text: show it with course_code.figures.show(figure, alt) in a notebook, "
    "or write ![what it shows](file) in Markdown"
)


def described(bundle):
    """The text/plain of an output, unless it is only the representation of a figure object."""
    for part in bundle.children:
        text = part.astext().strip()
        if part["mime_type"] == "text/plain" and not text.startswith("<"):
            return " ".join(text.split())
    return ""


class AltText(SphinxTransform):
    """Run on reading, while an output still holds all its MIME types."""

    default_priority = 400

    def apply(self):
        for bundle in self.document.findall(nodes.container):
            if bundle.get("nb_element") == "mime_bundle":
                for image in bundle.findall(nodes.image):
                    image["alt"] = described(bundle)
        for image in self.document.findall(nodes.image):
            if not image.get("alt", "").strip():
                logger.warning(ADVICE, location=image, type="alt_text")


def visit_image(self, node):
    """Write the tag with its size, so that text does not jump; load late all but the first."""
    source = Path(self.builder.srcdir, node["uri"])
    width, height = imagesize.get(source) if source.is_file() else (-1, -1)
    HTML5Translator.visit_image(self, node)
    extra = f' width="{width}" height="{height}"' if width > 0 else ""
    if getattr(self, "pictures", 0):
        extra += ' loading="lazy"'
    self.pictures = getattr(self, "pictures", 0) + 1
    self.body[-1] = self.body[-1].replace("<img", f"<img{extra}", 1)


def setup(app):
    app.add_transform(AltText)
    app.add_node(nodes.image, override=True, html=(visit_image, HTML5Translator.depart_image))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
