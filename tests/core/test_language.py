"""The path decides the language; a signed-in person's own choice follows them."""

import pytest

from commons.core.language import in_language


@pytest.mark.parametrize(
    ("path", "language", "there"),
    [
        ("/groups/", "hi", "/hi/groups/"),
        ("/hi/groups/?q=x", "en", "/groups/?q=x"),
        ("/hi/groups/", "hi", "/hi/groups/"),
        ("/", "hi", "/hi/"),
        ("/hi/", "en", "/"),
        ("/history/", "hi", "/hi/history/"),
    ],
)
def test_the_same_page_in_another_language(path, language, there):
    assert in_language(path, language) == there
