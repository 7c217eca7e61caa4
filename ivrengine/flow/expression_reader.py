"""Reading an expression's text into its tree: one pass of tokens, then precedence climbing.

From loosest to tightest: ``or``, ``and``, ``not``, comparisons (not chained), ``+ -``, ``* /``,
unary minus. Length, size and depth are limited, so that no file can make the reader or the
evaluation run long or deep.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from ivrengine.flow.expressions import (
    FUNCTIONS,
    KNOWN,
    Binary,
    Call,
    Expression,
    ExpressionError,
    Literal,
    Name,
    Unary,
)

MAX_LENGTH = 500
"""Characters of an expression."""

MAX_NODES = 100
"""Literals, names and operations of an expression."""

MAX_DEPTH = 30
"""Operations inside one another."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>==|!=|<=|>=|[-+*/<>(),])
    )""",
    re.VERBOSE,
)
_LEVELS = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"==", "!=", "<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "/"}),
)
_COMPARISONS = 2
_WORDS = frozenset({"and", "or", "not", "true", "false"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: str
    text: str


_END = _Token(kind="end", text="the end")


def read_expression(text: str) -> Expression:
    """Return the tree of ``text``.

    Raises:
        ExpressionError: it is not an expression, or larger than the limits allow.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression may have {MAX_LENGTH} characters at most")
    reader = _Reader(_tokens(text))
    tree = reader.level(0)
    reader.expect_end()
    return tree


def _tokens(text: str) -> list[_Token]:
    tokens = []
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            stray = text[position:].lstrip()[0]
            raise ExpressionError(f"{stray!r} has no meaning here")
        tokens.append(_Token(kind=found.lastgroup, text=found[found.lastgroup]))
        position = found.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._nodes = 0
        self._depth = 0

    def level(self, level: int) -> Expression:
        """Read operations of ``level`` and all tighter ones."""
        if level == len(_LEVELS):
            return self._unary()
        if level == _COMPARISONS and self._peek().text == "not":
            self._take()
            return self._made(Unary(sign="not", operand=self._deeper(_COMPARISONS)))
        left = self.level(level + 1)
        while self._peek().kind != "text" and self._peek().text in _LEVELS[level]:
            sign = self._take().text
            left = self._made(Binary(sign=sign, left=left, right=self._deeper(level + 1)))
            if level == _COMPARISONS:
                break
        return left

    def expect_end(self) -> None:
        """Refuse what is left over."""
        if self._peek() is not _END:
            raise ExpressionError(f"{self._peek().text} is not expected here")

    def _unary(self) -> Expression:
        if self._peek() == _Token(kind="sign", text="-"):
            self._take()
            return self._made(Unary(sign="-", operand=self._deeper(len(_LEVELS))))
        return self._single()

    def _single(self) -> Expression:
        token = self._take()
        match token.kind:
            case "number":
                return self._made(Literal(value=Decimal(token.text)))
            case "text":
                return self._made(Literal(value=token.text[1:-1]))
            case "word" if token.text in {"true", "false"}:
                return self._made(Literal(value=token.text == "true"))
            case "word" if token.text not in _WORDS:
                return self._name_or_call(token.text)
            case "sign" if token.text == "(":
                inner = self._deeper(0)
                self._expect(")")
                return inner
            case _:
                raise ExpressionError(f"a value is missing before {token.text}")

    def _name_or_call(self, word: str) -> Expression:
        if self._peek() != _Token(kind="sign", text="("):
            return self._made(Name(name=word))
        if word != KNOWN and word not in FUNCTIONS:
            raise ExpressionError(f"there is no function {word}")
        self._take()
        arguments = [self._deeper(0)]
        while self._peek() == _Token(kind="sign", text=","):
            self._take()
            arguments.append(self._deeper(0))
        self._expect(")")
        if word == KNOWN and not (len(arguments) == 1 and isinstance(arguments[0], Name)):
            raise ExpressionError("known takes the name of one variable")
        return self._made(Call(function=word, arguments=tuple(arguments)))

    def _deeper(self, level: int) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(f"an expression may be {MAX_DEPTH} deep at most")
        inner = self.level(level)
        self._depth -= 1
        return inner

    def _made(self, node: Expression) -> Expression:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise ExpressionError(f"an expression may have {MAX_NODES} parts at most")
        return node

    def _peek(self) -> _Token:
        return self._tokens[self._position] if self._position < len(self._tokens) else _END

    def _take(self) -> _Token:
        token = self._peek()
        self._position += 1
        return token

    def _expect(self, sign: str) -> None:
        token = self._take()
        if token != _Token(kind="sign", text=sign):
            raise ExpressionError(f"{sign} is missing before {token.text}")
