"""Text of a condition -> tree. A subset of Python's expressions; nothing is ever run.

Allowed: fact and parameter names, numbers, ``< <= > >= == !=`` (chained too), ``in``,
``not in``, ``and or not``, ``+ - * /`` where the result is linear (or one ratio by a
positive fact), strings, tuples, ``true`` and ``false``. A bare string is the result of
another provision. Country groups are written as the law writes them: ``D:5``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from klartecken.errors import ExpressionError, InputError
from klartecken.logic.nodes import (
    OneOf,
    Places,
    Ref,
    Result,
    compare,
    conjoin,
    disjoin,
    negate,
)
from klartecken.logic.tri import NO, YES
from klartecken.logic.values import parse_number
from klartecken.logic.vocabulary import FactSpec, Vocabulary

# a quoted string (left alone), the start of a comment, or a country group
_TOKEN = re.compile(
    r""" "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | (?P<comment>\#) | \b([A-Z]{1,2}):(\d)\b """,
    re.VERBOSE,
)
_GROUP_NAME = re.compile(r"([A-Z]{1,2})_(\d)|Supp5a")
_OPS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Linear:
    """A linear sum, or (with ``over``) that sum divided by one positive fact."""

    terms: dict[str, Fraction]
    const: Fraction
    over: str | None = None

    @property
    def plain(self) -> bool:
        return not self.terms and self.over is None


def parse(
    text: str, vocabulary: Vocabulary, params: Mapping[str, Fraction] | None = None, where: str = ""
) -> Result:
    """Parse one condition.

    Args:
        text: the condition, for example ``tpp >= 4800 and datacenter``.
        vocabulary: the facts that may be named.
        params: numbers that may be named.
        where: file, provision and version, for error messages.

    Raises:
        ExpressionError: anything outside the language; names the column.
    """
    flat = " ".join(text.split())
    # D:5 is not a Python name; D_5 is, and keeps every column where it was.
    source = _TOKEN.sub(lambda m: f"{m[2]}_{m[3]}" if m[2] else m[0], flat)
    for token in _TOKEN.finditer(flat):
        if token["comment"]:  # the text is one line: what follows would vanish
            raise ExpressionError(
                "a comment is not allowed", text=flat, column=token.start() + 1, where=where
            )
    try:
        tree = ast.parse(source, mode="eval").body
        return _Parser(flat, source, vocabulary, params or {}, where).truth(tree)
    except SyntaxError as err:
        raise ExpressionError(
            f"cannot be read ({err.msg})", text=flat, column=err.offset or 1, where=where
        ) from None
    except (ValueError, RecursionError, MemoryError) as err:
        raise ExpressionError(f"cannot be read ({err})", text=flat, column=1, where=where) from None


class _Parser:
    def __init__(
        self, text: str, source: str, vocabulary: Vocabulary,
        params: Mapping[str, Fraction], where: str,
    ) -> None:  # fmt: skip
        self.text, self.source = text, source
        self.vocabulary, self.params, self.where = vocabulary, params, where

    def fail(self, what: str, node: ast.AST, next_step: str = "") -> ExpressionError:
        before = self.source.encode()[: getattr(node, "col_offset", 0)]  # ast counts bytes
        column = len(before.decode()) + 1
        return ExpressionError(
            what, text=self.text, column=column, where=self.where, next_step=next_step
        )

    # -- true or false ---------------------------------------------------------------------
    def truth(self, node: ast.expr) -> Result:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return conjoin([self.truth(p) for p in parts])
            case ast.BoolOp(op=ast.Or(), values=parts):
                return disjoin([self.truth(p) for p in parts])
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return negate(self.truth(part))
            case ast.Compare():
                return self.comparison(node)
            case ast.Constant(value=str(name)):
                return Ref(name)
            case ast.Constant(value=bool(flag)):
                return YES if flag else NO
            case ast.Name(id="true" | "false" as word):
                return YES if word == "true" else NO
            case ast.Name(id=name):
                spec = self.fact(name, node)
                if spec.kind != "flag":
                    raise self.fail(f"{name} is a {spec.kind}, not yes or no", node)
                return OneOf(spec.name, frozenset({"yes"}), label="yes")
        raise self.fail(f"{type(node).__name__} is not allowed as a condition", node)

    def fact(self, name: str, node: ast.AST) -> FactSpec:
        spec = self.vocabulary.facts.get(name)
        if spec is None:
            raise self.fail(
                f"unknown name {name}", node, "Name a fact of facts.yaml or a param of this version"
            )
        return spec

    def comparison(self, node: ast.Compare) -> Result:
        sides = [node.left, *node.comparators]
        return conjoin(
            [
                self.pair(left, op, right)
                for left, op, right in zip(sides, node.ops, sides[1:], strict=False)
            ]
        )

    def pair(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Result:
        if isinstance(left, ast.Name) and left.id not in self.params:
            spec = self.fact(left.id, left)
            if spec.kind in ("choice", "place"):
                return self.membership(spec, op, right)
            if spec.kind == "flag":
                raise self.fail(f"{spec.name} is yes or no: write it alone", left)
        if type(op) not in _OPS:
            what = "`in` needs a choice or a place on its left"
            if isinstance(op, (ast.Is, ast.IsNot)):
                what = "`is` is not allowed: use == or !="
            raise self.fail(what, left)
        return self.numeric(self.linear(left), _OPS[type(op)], self.linear(right), left)

    # -- choices and places ----------------------------------------------------------------
    def membership(self, spec: FactSpec, op: ast.cmpop, right: ast.expr) -> Result:
        if isinstance(op, (ast.Eq, ast.NotEq)):
            members = [right]
        elif isinstance(op, (ast.In, ast.NotIn)):
            members = list(right.elts) if isinstance(right, ast.Tuple) else [right]
        else:
            raise self.fail(f"{spec.name} has no order: use ==, != or in", right)
        test = self.one_of(spec, members)
        return negate(test) if isinstance(op, (ast.NotEq, ast.NotIn)) else test

    def one_of(self, spec: FactSpec, members: list[ast.expr]) -> Result:
        options: list[str] = []
        groups: list[str] = []
        for member in members:
            if isinstance(member, ast.Constant) and isinstance(member.value, str):
                options.append(self.option(spec, member.value, member))
            elif isinstance(member, ast.Name) and _GROUP_NAME.fullmatch(member.id):
                if spec.kind != "place":
                    raise self.fail(f"{spec.name} is not a place", member)
                groups.append(member.id.replace("_", ":"))
            else:
                raise self.fail("a quoted option or a country group is needed", member)
        if spec.kind == "place":
            return Places(spec.name, tuple(groups), frozenset(options))
        return OneOf(spec.name, frozenset(options), label=", ".join(options))

    def option(self, spec: FactSpec, value: str, node: ast.AST) -> str:
        if spec.options and value not in spec.options:
            raise self.fail(
                f"{value!r} is not an option of {spec.name}",
                node,
                "Options: " + ", ".join(spec.options),
            )
        return value

    # -- numbers ---------------------------------------------------------------------------
    def linear(self, node: ast.expr) -> _Linear:
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return _Linear({}, self.number(node))
            case ast.Name(id=name) if name in self.params:
                return _Linear({}, self.params[name])
            case ast.Name(id=name):
                spec = self.fact(name, node)
                if spec.kind != "number":
                    raise self.fail(f"{name} is a {spec.kind}, not a number", node)
                return _Linear({name: Fraction(1)}, Fraction(0))
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return self.scale(self.linear(part), Fraction(-1))
            case ast.BinOp():
                return self.arithmetic(node)
        raise self.fail(f"{type(node).__name__} is not allowed as a number", node)

    def number(self, node: ast.Constant) -> Fraction:
        digits = ast.get_source_segment(self.source, node) or ""
        try:
            return parse_number(digits.replace("_", ""))
        except InputError as err:
            raise self.fail(err.what, node, err.next_step) from None

    def arithmetic(self, node: ast.BinOp) -> _Linear:
        left, right = self.linear(node.left), self.linear(node.right)
        if isinstance(node.op, ast.Mult):
            if right.plain:
                return self.scale(left, right.const)
            if left.plain:
                return self.scale(right, left.const)
            raise self.fail("a product of two facts is not linear", node)
        if isinstance(node.op, ast.Div):
            return self.divide(left, right, node)
        if isinstance(node.op, (ast.Add, ast.Sub)):
            if left.over or right.over:
                raise self.fail("a ratio stands alone in a comparison", node)
            sign = 1 if isinstance(node.op, ast.Add) else -1
            terms = dict(left.terms)
            for name, factor in right.terms.items():
                terms[name] = terms.get(name, Fraction(0)) + sign * factor
            return _Linear(terms, left.const + sign * right.const)
        raise self.fail(f"operator {type(node.op).__name__} is not allowed", node)

    def divide(self, left: _Linear, right: _Linear, node: ast.BinOp) -> _Linear:
        if right.plain:
            if right.const == 0:
                raise self.fail("division by zero", node)
            return self.scale(left, 1 / right.const)
        names = list(right.terms)
        single = len(names) == 1 and right.const == 0 and right.terms[names[0]] == 1
        if not single or right.over or left.over:
            raise self.fail("a denominator is a number or one fact", node)
        if not self.vocabulary.facts[names[0]].positive:
            raise self.fail(f"{names[0]} may be zero: it cannot be a denominator", node)
        return _Linear(left.terms, left.const, over=names[0])

    @staticmethod
    def scale(form: _Linear, factor: Fraction) -> _Linear:
        terms = {name: value * factor for name, value in form.terms.items()}
        return _Linear(terms, form.const * factor, form.over)

    def numeric(self, left: _Linear, op: str, right: _Linear, node: ast.AST) -> Result:
        if right.over:
            left, right = right, left
            op = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
        if left.over:
            if not right.plain:
                raise self.fail("a ratio is compared with a number", node)
            # x / y >= c with y > 0 is x - c*y >= 0: exact, and linear
            terms = dict(left.terms)
            terms[left.over] = terms.get(left.over, Fraction(0)) - right.const
            self.check_ratios(terms, node)
            return compare(terms, op, -left.const)
        terms = dict(left.terms)
        for name, factor in right.terms.items():
            terms[name] = terms.get(name, Fraction(0)) - factor
        self.check_ratios(terms, node)
        return compare(terms, op, right.const - left.const)

    def check_ratios(self, terms: Mapping[str, Fraction], node: ast.AST) -> None:
        for name in terms:
            if len(terms) > 1 and self.vocabulary.facts[name].ratio is not None:
                raise self.fail(f"{name} is a ratio: it stands alone in a comparison", node)
