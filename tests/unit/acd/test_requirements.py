import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.requirements import (
    ANYBODY,
    AllOf,
    AnyOf,
    AtLeast,
    Not,
    Requirement,
    RequirementError,
    SkillName,
    parse_requirement,
)

pytestmark = pytest.mark.unit

SKILLS = ("trading", "zh", "en", "dialect.wu", "branch.suzhou-2", "吴语")


def skill(name: str, level: int = 1) -> AtLeast:
    return AtLeast(SkillName(name), level)


TEXTS: list[tuple[str, Requirement]] = [
    ("", ANYBODY),
    ("  ", ANYBODY),
    ("anybody", ANYBODY),
    ("nobody", AnyOf(())),
    ("zh", skill("zh")),
    ("zh >= 3", skill("zh", 3)),
    ("zh>=3", skill("zh", 3)),
    ("not zh", Not(skill("zh"))),
    ("not not zh", Not(Not(skill("zh")))),
    ("zh and en or trading", AnyOf((AllOf((skill("zh"), skill("en"))), skill("trading")))),
    ("zh and (en or trading)", AllOf((skill("zh"), AnyOf((skill("en"), skill("trading")))))),
    ("not zh and en", AllOf((Not(skill("zh")), skill("en")))),
    ("not (zh and en)", Not(AllOf((skill("zh"), skill("en"))))),
    ("zh and en and trading", AllOf((skill("zh"), skill("en"), skill("trading")))),
    ("(zh)", skill("zh")),
    ("branch.suzhou-2 and 吴语 >= 2", AllOf((skill("branch.suzhou-2"), skill("吴语", 2)))),
    (
        "trading >= 3 and (zh or en >= 2) and not trainee",
        AllOf(
            (
                skill("trading", 3),
                AnyOf((skill("zh"), skill("en", 2))),
                Not(skill("trainee")),
            )
        ),
    ),
]


@pytest.mark.parametrize(("text", "requirement"), TEXTS)
def test_a_text_is_read_as_the_requirement_it_states(text: str, requirement: Requirement) -> None:
    assert parse_requirement(text) == requirement
    assert parse_requirement(str(requirement)) == requirement


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("zh en", 4),
        ("zh >= 0", 7),
        ("zh >=", 6),
        ("zh >= en", 7),
        ("zh > 2", 4),
        ("(zh", 4),
        ("zh)", 3),
        ("zh and", 7),
        ("and zh", 1),
        ("not", 4),
        ("3 zh", 1),
        ("3zh", 1),
        ("zh &  en", 4),
        ("()", 2),
        ("nobody >= 2", 8),
        ("(" * 60 + "zh" + ")" * 60, 51),
    ],
)
def test_what_is_no_requirement_is_refused_with_its_place(text: str, column: int) -> None:
    with pytest.raises(RequirementError) as refusal:
        parse_requirement(text)
    assert refusal.value.column == column
    assert refusal.value.text == text
    assert str(column) in str(refusal.value)


requirements = st.recursive(
    st.builds(skill, st.sampled_from(SKILLS), st.integers(1, 5)),
    lambda inner: st.one_of(
        st.builds(lambda parts: AllOf(tuple(parts)), st.lists(inner, max_size=3)),
        st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(inner, max_size=3)),
        st.builds(Not, inner),
    ),
    max_leaves=12,
)
levels = st.dictionaries(st.sampled_from(SKILLS).map(SkillName), st.integers(0, 5))


def as_python(requirement: Requirement, has: dict[SkillName, int]) -> str:
    """Write the same question in another language, whose answer is known to be right."""
    match requirement:
        case AtLeast():
            return f"({has.get(requirement.skill, 0)} >= {requirement.level})"
        case AllOf():
            return (
                "(" + " and ".join(["True", *(as_python(p, has) for p in requirement.parts)]) + ")"
            )
        case AnyOf():
            return (
                "(" + " or ".join(["False", *(as_python(p, has) for p in requirement.parts)]) + ")"
            )
        case Not():
            return f"(not {as_python(requirement.part, has)})"


@given(requirements, levels)
def test_who_meets_a_requirement_is_a_matter_of_logic(
    requirement: Requirement, has: dict[SkillName, int]
) -> None:
    assert requirement.met_by(has) is eval(as_python(requirement, has))


@given(requirements, levels)
def test_a_requirement_that_is_written_and_read_again_asks_for_the_same(
    requirement: Requirement, has: dict[SkillName, int]
) -> None:
    again = parse_requirement(str(requirement))
    assert again.met_by(has) == requirement.met_by(has)
    assert parse_requirement(str(again)) == again


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_within_itself(text: str) -> None:
    column = 1
    try:
        parse_requirement(text)
    except RequirementError as refusal:
        column = refusal.column
    assert 1 <= column <= len(text) + 1
