"""The form in which the demo's conversations are written."""

import pytest

from mygov.demo import texts


def test_signs_say_who_and_how():
    (root,) = texts.conversation("A line before is a remark.\n\n@ +3 -1 by=asha for\nFirst line.\n\nSecond.\n")

    assert (root.text, root.up, root.down, root.tags) == ("First line.\n\nSecond.", 3, 1, {"by": "asha", "for": ""})


def test_more_signs_are_replies_one_level_deeper():
    one, two = texts.conversation("@\na\n@@\nb\n@@@\nc\n@@\nd\n@\ne")

    assert [reply.text for reply in one.replies] == ["b", "d"]
    assert [reply.text for reply in one.replies[0].replies] == ["c"]
    assert two.text == "e"


@pytest.mark.parametrize("text", ["@ shouting\na", "@\n", "@\na\n@@@\nb", "@ by\na", "@ for=me\na"])
def test_what_it_does_not_know_is_an_error(text):
    with pytest.raises(ValueError, match=r"no such sign|reply to nothing"):
        texts.conversation(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [("नमस्ते", "hi"), ("Hello", "en"), ("“नल” is the word for a tap in the north of India", "en"), ("SMS भेजिए", "hi")],
)
def test_the_script_tells_the_language(text, language):
    assert texts.language_of(text) == language
