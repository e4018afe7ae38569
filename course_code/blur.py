r"""Guessing a picture that may be any of several: what each loss thinks is best.

The truth is one of m pictures of D pixels, with probabilities p. A guess x pays the expected loss
$\sum_k p_k \, L(y_k, x)$. Pixel by pixel, squared error wants the mean and absolute error a median
(`pixel_mean`, `pixel_median`). A loss on *features* $\phi$ that are not linear in the pixels can
want something else. Here $\phi$ is the amplitude spectrum (`amplitudes`): it says which patterns a
picture is made of, and not where they lie.
"""

from __future__ import annotations

import numpy as np

from course_code._validate import as_count, as_floats, as_weights, refuse
from course_code.regression import weighted_median

__all__ = [
    "amplitudes",
    "code_and_back",
    "expected_loss",
    "pixel_mean",
    "pixel_median",
    "sharpness",
    "shifted",
    "with_amplitudes",
]


def shifted(picture, shifts):
    """Copies of a picture moved to the right, what leaves it coming in on the left.

    Parameters
    ----------
    picture : array_like, shape (rows, columns)
    shifts : sequence of int, length m

    Returns
    -------
    ndarray, shape (m, rows, columns)
    """
    picture = as_floats("picture", picture, ndim=2)
    return np.stack([np.roll(picture, as_count("shifts", s, at_least=0), axis=1) for s in shifts])


def pixel_mean(pictures, p):
    """In every pixel the mean: the guess of least expected squared error.

    Parameters
    ----------
    pictures : array_like, shape (m, rows, columns)
    p : array_like, shape (m,)
        Probabilities, or weights in proportion to them.
    """
    pictures, p = _lottery(pictures, p)
    return np.tensordot(p, pictures, axes=1)


def pixel_median(pictures, p):
    """In every pixel a median: a guess of least expected absolute error.

    Where an interval of medians exists, its middle. Parameters as in `pixel_mean`.
    """
    pictures, p = _lottery(pictures, p)
    return np.apply_along_axis(weighted_median, 0, pictures, p)


def expected_loss(guess, pictures, p, loss, features=None):
    """The mean over pixels and truths of the loss of a guess.

    Parameters
    ----------
    guess : array_like, shape (rows, columns)
    pictures, p
        As in `pixel_mean`.
    loss : loss of `course_code.losses`
    features : callable, optional
        Applied to the guess and to each truth before they are compared, such as `amplitudes`.
    """
    pictures, p = _lottery(pictures, p)
    guess = _of_shape("guess", guess, pictures.shape[1:])
    phi = features or (lambda picture: picture)
    aim = phi(guess)
    return float(sum(w * loss(phi(truth), aim) for w, truth in zip(p, pictures, strict=True)))


def sharpness(picture):
    """The largest step between two neighbours in a row: 1 at the border of black and white."""
    picture = as_floats("picture", picture, ndim=2)
    return float(np.abs(np.diff(picture, axis=1)).max())


def amplitudes(picture):
    r"""The amplitude spectrum $|F x| / \sqrt D$, F the two-dimensional discrete Fourier transform.

    The scale makes the mean of its squares the mean of the squared pixels. A picture and its
    shifted copies have the same amplitudes.
    """
    picture = as_floats("picture", picture, ndim=2)
    return np.abs(np.fft.fft2(picture)) / np.sqrt(picture.size)


def with_amplitudes(picture, spectrum):
    r"""The picture nearest to `picture`, in squared error, among those with the given amplitudes.

    Each Fourier coefficient keeps its phase and gets the length that is asked for. As F keeps
    distances up to one factor, that is the nearest point.

    Parameters
    ----------
    picture : array_like, shape (rows, columns)
    spectrum : ndarray, shape (rows, columns)
        As from `amplitudes` of a real picture.
    """
    picture = as_floats("picture", picture, ndim=2)
    spectrum = _of_shape("spectrum", spectrum, picture.shape)
    phase = np.exp(1j * np.angle(np.fft.fft2(picture)))
    return np.fft.ifft2(spectrum * np.sqrt(picture.size) * phase).real


def code_and_back(pictures, p, k):
    """What the best linear autoencoder with a code of k numbers gives back.

    Under expected squared error that is projection on the mean and the first k principal components
    (Baldi and Hornik 1989); k = 0 gives the mean for every picture.

    Parameters
    ----------
    pictures, p
        As in `pixel_mean`.
    k : int

    Returns
    -------
    ndarray, shape (m, rows, columns)
    """
    pictures, p = _lottery(pictures, p)
    k = as_count("k", k, at_least=0)
    centre = pixel_mean(pictures, p)
    away = (pictures - centre).reshape(len(p), -1)
    _, _, axes = np.linalg.svd(np.sqrt(p)[:, None] * away, full_matrices=False)
    return centre + (away @ axes[:k].T @ axes[:k]).reshape(pictures.shape)


def _lottery(pictures, p):
    pictures = as_floats("pictures", pictures, ndim=3)
    p = as_weights(p, pictures.shape[:1], name="p")
    return pictures, p / p.sum()


def _of_shape(name, picture, shape):
    picture = as_floats(name, picture, ndim=2)
    if picture.shape != shape:
        refuse(name, f"must have shape {shape}", picture.shape)
    return picture
