"""The companion package of the course *MSE vs MAE*.

Importing it costs NumPy only; matplotlib and anywidget load with ``course_code.figures`` and
``course_code.explorers``.
"""

__version__ = "0.2.0"
