"""The check of an expression's types before any call runs it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import assert_never

from ivrengine.flow.expressions import (
    FUNCTIONS,
    ORDERINGS,
    Binary,
    Call,
    Expression,
    ExpressionError,
    Literal,
    Name,
    Unary,
)
from ivrengine.flow.variables import VarType


class Kind(StrEnum):
    """What an expression yields, as coarse as operations tell values apart."""

    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    SECRET = "secret"


KINDS: Mapping[VarType, Kind] = {
    VarType.TEXT: Kind.TEXT,
    VarType.PROMPT: Kind.TEXT,
    VarType.RECORDING: Kind.TEXT,
    VarType.INTEGER: Kind.NUMBER,
    VarType.DECIMAL: Kind.NUMBER,
    VarType.FLAG: Kind.FLAG,
    VarType.DATE: Kind.DATE,
    VarType.TIME: Kind.TIME,
    VarType.MOMENT: Kind.MOMENT,
    VarType.SECRET: Kind.SECRET,
}

_FUNCTIONS: Mapping[str, tuple[Kind, Kind]] = {
    "length": (Kind.TEXT, Kind.NUMBER),
    "starts_with": (Kind.TEXT, Kind.FLAG),
    "number": (Kind.TEXT, Kind.NUMBER),
    "abs": (Kind.NUMBER, Kind.NUMBER),
    "round": (Kind.NUMBER, Kind.NUMBER),
    "min": (Kind.NUMBER, Kind.NUMBER),
    "max": (Kind.NUMBER, Kind.NUMBER),
}


def kind_of(expression: Expression, types: Mapping[str, VarType]) -> Kind:
    """Return what ``expression`` yields when its variables have ``types``.

    Raises:
        ExpressionError: an operation cannot take what it is given, or a variable is not declared.
    """
    match expression:
        case Literal(value=bool()):
            return Kind.FLAG
        case Literal(value=str()):
            return Kind.TEXT
        case Literal():
            return Kind.NUMBER
        case Name(name=name):
            if name not in types:
                raise ExpressionError(f"the variable {name} is not declared")
            return KINDS[types[name]]
        case Unary(sign=sign, operand=operand):
            return _expect(Kind.FLAG if sign == "not" else Kind.NUMBER, operand, types)
        case Binary():
            return _binary(expression, types)
        case Call(function="known", arguments=arguments):
            kind_of(arguments[0], types)
            return Kind.FLAG
        case Call(function=function, arguments=arguments):
            return _call(function, arguments, types)
        case _:
            assert_never(expression)


def fits(kind: Kind, wanted: VarType) -> bool:
    """Tell whether a value of ``kind`` can go into a variable of type ``wanted``."""
    return KINDS[wanted] is kind


def _binary(expression: Binary, types: Mapping[str, VarType]) -> Kind:
    if expression.sign in {"and", "or"}:
        _expect(Kind.FLAG, expression.left, types)
        return _expect(Kind.FLAG, expression.right, types)
    left = kind_of(expression.left, types)
    right = kind_of(expression.right, types)
    if Kind.SECRET in {left, right}:
        raise ExpressionError("a secret can only be handed to a service")
    if left is not right:
        raise ExpressionError(f"{expression.sign} stands between a {left} and a {right}")
    if expression.sign in ORDERINGS:
        if left is Kind.FLAG and expression.sign not in {"==", "!="}:
            raise ExpressionError("flags have no order")
        return Kind.FLAG
    if left is Kind.NUMBER or (left is Kind.TEXT and expression.sign == "+"):
        return left
    raise ExpressionError(f"{expression.sign} cannot take a {left}")


def _call(function: str, arguments: tuple[Expression, ...], types: Mapping[str, VarType]) -> Kind:
    least, most, _ = FUNCTIONS[function]
    if not least <= len(arguments) <= most:
        raise ExpressionError(f"{function} takes {least} to {most} values, not {len(arguments)}")
    takes, yields = _FUNCTIONS[function]
    for argument in arguments:
        _expect(takes, argument, types)
    return yields


def _expect(wanted: Kind, expression: Expression, types: Mapping[str, VarType]) -> Kind:
    kind = kind_of(expression, types)
    if kind is not wanted:
        raise ExpressionError(f"a {kind} stands where a {wanted} is needed")
    return kind
