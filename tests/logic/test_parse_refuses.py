"""Everything outside the language is an error that names the column; nothing is ever run."""

import ast
import warnings
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import klartecken.logic
from klartecken.errors import ExpressionError
from klartecken.logic.parse import parse
from tests.logic.strategies import VOCABULARY

WHERE = "law.yaml a.1"
PARAMS = {"line": Fraction(4800)}


def refuse(text):
    with pytest.raises(ExpressionError) as caught:
        parse(text, VOCABULARY, PARAMS, WHERE)
    return caught.value


@pytest.mark.parametrize(
    ("text", "column", "what"),
    [
        # Python that the language does not have
        ("f()", 1, "Call is not allowed"),
        ("f and g()", 7, "Call is not allowed"),
        ("x >= max(3, 4)", 6, "Call is not allowed"),
        ("x.real", 1, "Attribute is not allowed"),
        ("x >= line.numerator", 6, "Attribute is not allowed"),
        ("lambda: f", 1, "Lambda is not allowed"),
        ("colour[0]", 1, "Subscript is not allowed"),
        ("x >= (1, 2)[0]", 6, "Subscript is not allowed"),
        ("(h := f)", 2, "NamedExpr is not allowed"),
        ("x >= (h := 3)", 7, "NamedExpr is not allowed"),
        ('f"{f}"', 1, "JoinedStr is not allowed"),
        ('colour == f"red"', 11, "a quoted option or a country group is needed"),
        ("x ** 2 >= 3", 1, "operator Pow is not allowed"),
        ("x % 2 >= 3", 1, "operator Mod is not allowed"),
        ("x // 2 >= 3", 1, "operator FloorDiv is not allowed"),
        ("x >= 1 << 3", 6, "operator LShift is not allowed"),
        ("f & g", 1, "BinOp is not allowed"),
        ("~f", 1, "UnaryOp is not allowed"),
        ("x >= +3", 6, "UnaryOp is not allowed"),
        ("x >= ~3", 6, "UnaryOp is not allowed"),
        ("[f for f in g]", 1, "ListComp is not allowed"),
        ("(f for f in g)", 1, "GeneratorExp is not allowed"),
        ("{f: g}", 1, "Dict is not allowed"),
        ("[f]", 1, "List is not allowed"),
        ("f, g", 1, "Tuple is not allowed"),
        ("()", 1, "Tuple is not allowed"),
        ("f if g else f", 1, "IfExp is not allowed"),
        ("(yield)", 2, "Yield is not allowed"),
        ("None", 1, "Constant is not allowed"),
        ("...", 1, "Constant is not allowed"),
        ("1", 1, "Constant is not allowed"),
        ('b"f"', 1, "Constant is not allowed"),
        ("f # and g", 3, "a comment is not allowed"),
        ("x >= 3  # here\n and f", 8, "a comment is not allowed"),
        # numbers
        ("x >= True", 6, "Constant is not allowed as a number"),
        ('x >= "3"', 6, "Constant is not allowed as a number"),
        ("x >= 3j", 6, "Constant is not allowed as a number"),
        ("x >= 0x10", 6, "'0x10' is not a number"),
        ("x >= 0b1", 6, "'0b1' is not a number"),
        ("x >= 1e999999999", 6, "'1e999999999' is not a number"),
        ("x * y >= 3", 1, "a product of two facts is not linear"),
        ("f and x * x >= 3", 7, "a product of two facts is not linear"),
        ("x >= 3 / 0", 6, "division by zero"),
        ("x / (line - 4800) >= 3", 1, "division by zero"),
        ("x / y >= 3", 1, "y may be zero: it cannot be a denominator"),
        ("p / (2 * q) >= 3", 1, "a denominator is a number or one fact"),
        ("p / (q + 1) >= 3", 1, "a denominator is a number or one fact"),
        ("p / (p + q) >= 3", 1, "a denominator is a number or one fact"),
        ("p / q / q >= 3", 1, "a denominator is a number or one fact"),
        ("p / (p / q) >= 3", 1, "a denominator is a number or one fact"),
        ("p / q + 1 >= 3", 1, "a ratio stands alone in a comparison"),
        ("x - p / q >= 3", 1, "a ratio stands alone in a comparison"),
        ("p / q >= x", 1, "a ratio is compared with a number"),
        ("p / q >= q / p", 1, "a ratio is compared with a number"),
        ("r + x >= 3", 1, "r is a ratio: it stands alone"),
        ("f and r >= x", 7, "r is a ratio: it stands alone"),
        ("x / r >= 3", 1, "r is a ratio: it stands alone"),
        # names
        ("nope", 1, "unknown name nope"),
        ("f and nope >= 3", 7, "unknown name nope"),
        ("x >= nope", 6, "unknown name nope"),
        ("X >= 3", 1, "unknown name X"),
        ("__import__", 1, "unknown name __import__"),
        ("x", 1, "x is a number, not yes or no"),
        ("colour", 1, "colour is a choice, not yes or no"),
        ("f and land", 7, "land is a place, not yes or no"),
        ("line", 1, "unknown name line"),
        # flags, choices, places
        ("f == true", 1, "f is yes or no: write it alone"),
        ("f == g", 1, "f is yes or no: write it alone"),
        ("g and f >= 1", 7, "f is yes or no: write it alone"),
        ('f == "yes"', 1, "f is yes or no: write it alone"),
        ("1 >= f", 6, "f is a flag, not a number"),
        ("x >= colour", 6, "colour is a choice, not a number"),
        ("x in (1, 2)", 1, "`in` needs a choice or a place on its left"),
        ("f and x not in D:5", 7, "`in` needs a choice or a place on its left"),
        ('"red" in colour', 1, "`in` needs a choice or a place on its left"),
        ("x is 3", 1, "`is` is not allowed"),
        ('colour is "red"', 11, "colour has no order"),
        ('colour < "red"', 10, "colour has no order"),
        ("land >= D:5", 9, "land has no order"),
        ('"red" == colour', 1, "Constant is not allowed as a number"),
        ('colour == "pink"', 11, "'pink' is not an option of colour"),
        ('colour in ("red", "pink")', 19, "'pink' is not an option of colour"),
        ("colour == red", 11, "a quoted option or a country group is needed"),
        ("colour == 3", 11, "a quoted option or a country group is needed"),
        ('colour in ["red"]', 11, "a quoted option or a country group is needed"),
        ('colour in (*"red",)', 12, "a quoted option or a country group is needed"),
        ("colour in D:5", 11, "colour is not a place"),
        ("land in CN", 9, "a quoted option or a country group is needed"),
        # a group takes as many columns as the law writes
        ("land in D:5 and nope", 17, "unknown name nope"),
        ('land in (D:5, AB:1, "CN", 3)', 27, "a quoted option or a country group is needed"),
        ("land in D:5 or x * y > 1", 16, "a product of two facts"),
    ],
)
def test_refused(text, column, what):
    error = refuse(text)
    assert what in error.what
    assert error.column == column
    assert error.text == " ".join(text.split())
    assert error.where == f"{WHERE}, column {column}"
    assert repr(error.text) in str(error)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "f and", "x >=", "x = 3", "f; g", "import os", "x >= 3)", "((f)", "f g", "x >= 08",
     "yield f", "del x", "f and not", "!f", "f && g", "x >= $", "D:5", 'maker == "open', "f\0",
     "\ud800", "land in D:55", "x >= 1__0"],
)  # fmt: skip
def test_what_python_cannot_read_is_our_error_too(text):
    error = refuse(text)
    assert 1 <= error.column <= len(error.text) + 1
    assert error.where.startswith(WHERE)


@pytest.mark.parametrize(
    "text",
    ["+".join(["x"] * 20_000) + " > 1", "not " * 20_000 + "f", "-" * 20_000 + "x > 1",
     "(" * 20_000 + "f" + ")" * 20_000, "x > 1" + "0" * 20_000],
    ids=["sum", "not", "minus", "brackets", "digits"],
)  # fmt: skip
def test_too_long_for_the_reader(text):
    refuse(text)


def test_without_a_where_only_the_column_is_named():
    with pytest.raises(ExpressionError) as caught:
        parse("f and nope", VOCABULARY)
    assert caught.value.where == "column 7"


def test_an_unknown_option_lists_the_options():
    assert refuse('colour == "pink"').next_step == "Options: red, green, blue"


# -- nothing is ever run -----------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    ["__import__('os').mkdir('ran')", "open('ran', 'w')", "f or open('ran', 'w')",
     "x >= open('ran', 'w').fileno()", "[open('ran', 'w') for f in '1']", "exec('import os')",
     "(lambda: open('ran', 'w'))()", "f'{open(\"ran\", \"w\")}'", "colour in (open('ran', 'w'),)",
     "colour == open('ran', 'w')", "true or open('ran', 'w')", "false and open('ran', 'w')"],
)  # fmt: skip
def test_nothing_is_run(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refuse(text)
    assert not list(tmp_path.iterdir())


def test_the_package_has_no_way_to_run_text():
    runners = {"eval", "exec", "compile", "__import__"}
    for path in Path(klartecken.logic.__file__).parent.glob("*.py"):
        calls = [n.func for n in ast.walk(ast.parse(path.read_text("utf-8"))) if hasattr(n, "func")]
        names = {f.id for f in calls if isinstance(f, ast.Name)}
        assert not names & runners, path.name


PIECES = (
    'f g x y p q r colour land maker line nope D:5 Supp5a "red" "D:5" \'a and or not in is if '
    "else lambda == != < <= > >= + - * / ** % ( ) [ ] { } , : . := # é 1 0 2.5 0x1 1e3 true "
    'None f"x" = @ \\ ; await yield'
)
TEXTS = st.lists(st.sampled_from(PIECES.split()), max_size=9).map(" ".join) | st.text(max_size=30)


def error_of(text):
    try:
        parse(text, VOCABULARY, PARAMS, WHERE)
    except ExpressionError as error:
        return error
    return None


@given(TEXTS)
@example('"\\')
@example("f\x0c#")
def test_any_text_is_read_or_refused(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's own, about odd literals
        error = error_of(text)
    assert error is None or 1 <= error.column <= len(error.text) + 1
