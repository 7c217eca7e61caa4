"""The small language in which flows compare and compute, as a tree and its evaluation.

It has numbers, texts, flags, comparisons, ``and``/``or``/``not``, the four operations and a few
functions. There are no loops, no attributes and no calls into Python, so the work of an expression
is bounded by its size; numbers are exact decimals. Reading the text is done in
``expression_reader``, the check of types before a call in ``expression_kinds``.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, DecimalException, Inexact, localcontext
from typing import assert_never

from ivrengine.errors import FlowError
from ivrengine.flow.effects import Value
from ivrengine.flow.variables import TEXT_LIMIT
from ivrengine.values import Secret


class ExpressionError(FlowError):
    """An expression cannot be read or worked out; the message holds no value of a variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A number, text or flag as it stands in the flow."""

    value: Decimal | str | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unary:
    """``not`` or ``-`` before its operand."""

    sign: str
    operand: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """An operation on two operands; ``and`` and ``or`` look at the right one only when needed."""

    sign: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function of ``FUNCTIONS``, or ``known``, with its arguments."""

    function: str
    arguments: tuple["Expression", ...]


Expression = Literal | Name | Unary | Binary | Call

KNOWN = "known"
"""Tells whether its argument, a variable, has a value; the one function that looks at names."""

ARITHMETIC: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
ORDERINGS: Mapping[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
}


def evaluate(expression: Expression, variables: Mapping[str, Value]) -> Value:
    """Work out ``expression``; a variable that stands alone is returned as it is.

    Raises:
        ExpressionError: a variable has no value, or an operation does not take such values.
    """
    match expression:
        case Literal(value=value):
            return value
        case Name(name=name):
            return _variable(name, variables)
        case Unary(sign="not", operand=operand):
            return not _flag(evaluate(operand, variables))
        case Unary(operand=operand):
            return -_number(evaluate(operand, variables))
        case Binary(sign="and", left=left, right=right):
            return _flag(evaluate(left, variables)) and _flag(evaluate(right, variables))
        case Binary(sign="or", left=left, right=right):
            return _flag(evaluate(left, variables)) or _flag(evaluate(right, variables))
        case Binary(sign=sign, left=left, right=right):
            return _operation(sign, evaluate(left, variables), evaluate(right, variables))
        case Call(function="known", arguments=(Name(name=name),)):
            return variables.get(name) is not None
        case Call(function=function, arguments=arguments):
            return _called(function, [evaluate(argument, variables) for argument in arguments])
        case _:
            assert_never(expression)


def decide(expression: Expression, variables: Mapping[str, Value]) -> bool:
    """Work out a condition.

    Raises:
        ExpressionError: as :func:`evaluate`, or the result is not a flag.
    """
    return _flag(evaluate(expression, variables))


def names_in(expression: Expression) -> frozenset[str]:
    """Return the variables that must have a value for ``expression`` to be worked out.

    What stands behind ``known(x) and`` does not need ``x``.
    """
    match expression:
        case Literal():
            return frozenset()
        case Name(name=name):
            return frozenset({name})
        case Unary(operand=operand):
            return names_in(operand)
        case Binary(sign="and", left=left, right=right):
            return names_in(left) | (names_in(right) - made_sure(left))
        case Binary(left=left, right=right):
            return names_in(left) | names_in(right)
        case Call(function="known"):
            return frozenset()
        case Call(arguments=arguments):
            return frozenset().union(*(names_in(argument) for argument in arguments))
        case _:
            assert_never(expression)


def made_sure(condition: Expression | None) -> frozenset[str]:
    """Return the variables that have a value whenever ``condition`` is true, by ``known``."""
    match condition:
        case Call(function="known", arguments=(Name(name=name),)):
            return frozenset({name})
        case Binary(sign="and", left=left, right=right):
            return made_sure(left) | made_sure(right)
        case _:
            return frozenset()


def _variable(name: str, variables: Mapping[str, Value]) -> Value:
    value = variables.get(name)
    if value is None:
        raise ExpressionError(f"the variable {name} has no value")
    return value


def _operation(sign: str, left: Value, right: Value) -> Value:
    if sign in ORDERINGS:
        return ORDERINGS[sign](_order(sign, left, right))
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > TEXT_LIMIT:
            raise ExpressionError(f"a text may not be longer than {TEXT_LIMIT} characters")
        return left + right
    return _exact(lambda: ARITHMETIC[sign](_number(left), _number(right)))


def _order(sign: str, left: Value, right: Value) -> int:
    """Compare two values of one kind: negative, zero or positive."""
    try:
        match left, right:
            case bool(), bool() if sign in {"==", "!="}:
                return int(left) - int(right)
            case str(), str():
                return (left > right) - (left < right)
            case datetime(), datetime():
                return (left > right) - (left < right)
            case time(), time():
                return (left > right) - (left < right)
            case date(), date():
                return (left > right) - (left < right)
            case _:
                return _compared(_number(left), _number(right))
    except TypeError as fault:  # one has a zone and the other has none, or a date meets a moment
        raise ExpressionError("these two cannot be compared") from fault


def _compared(left: Decimal, right: Decimal) -> int:
    return (left > right) - (left < right)


def _exact(operation: Callable[[], Decimal]) -> Decimal:
    try:
        result = operation()
    except (DecimalException, ZeroDivisionError) as fault:
        raise ExpressionError(f"the numbers do not allow it: {type(fault).__name__}") from fault
    if not result.is_finite():
        raise ExpressionError("the result is not a number")
    return result


def _flag(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    raise ExpressionError(f"a {_kind(value)} stands where a flag is needed")


def _number(value: Value) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    raise ExpressionError(f"a {_kind(value)} stands where a number is needed")


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    raise ExpressionError(f"a {_kind(value)} stands where a text is needed")


def _kind(value: Value) -> str:
    return "secret" if isinstance(value, Secret) else type(value).__name__


def _called(function: str, values: list[Value]) -> Value:
    known = FUNCTIONS.get(function)
    if known is None:
        raise ExpressionError(f"there is no function {function}")
    least, most, work = known
    if not least <= len(values) <= most:
        raise ExpressionError(f"{function} takes {least} to {most} values, not {len(values)}")
    return work(values)


def _rounded(values: list[Value]) -> Decimal:
    places = _number(values[1]) if len(values) > 1 else Decimal(0)
    if not 0 <= places <= 8 or places != places.to_integral_value():
        raise ExpressionError("round takes 0 to 8 places")
    step = Decimal(1).scaleb(-int(places))
    return _exact(lambda: _number(values[0]).quantize(step, ROUND_HALF_UP))


def _as_number(values: list[Value]) -> Decimal:
    text = _text(values[0])
    with localcontext() as context:
        context.traps[Inexact] = True
        return _exact(lambda: context.create_decimal(text))


FUNCTIONS: Mapping[str, tuple[int, int, Callable[[list[Value]], Value]]] = {
    "length": (1, 1, lambda values: Decimal(len(_text(values[0])))),
    "starts_with": (2, 2, lambda values: _text(values[0]).startswith(_text(values[1]))),
    "number": (1, 1, _as_number),
    "abs": (1, 1, lambda values: abs(_number(values[0]))),
    "round": (1, 2, _rounded),
    "min": (1, 8, lambda values: min(_number(value) for value in values)),
    "max": (1, 8, lambda values: max(_number(value) for value in values)),
}
"""Each function's least and greatest number of values, and its work."""
