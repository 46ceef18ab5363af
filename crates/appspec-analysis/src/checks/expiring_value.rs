use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{
    ArithmeticOp, Default, Expr, ExprKind, Field, Function, Id, Invariant, Moment, Row, SeedValue,
    Spec, Surroundings, Value, holds, print_value,
};

use super::moments::{EARLIEST, LATEST};

/// Constants that a rule about new rows compares with the clock: a default or a seed row that it refuses on every day on
/// which a project is written to, or from some day on.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    let rules = spec.invariants.iter().map(|(_, rule)| rule);
    for rule in rules.filter(|rule| rule.moment == Moment::Create) {
        let Some((field, clock)) = compared(&rule.condition) else {
            continue;
        };
        let field = spec.walk(field);
        if let Some(Default::Value(value)) = &field.get().default
            && let Some(when) = refused(rule, field.id, clock, value)
            && told.insert((field.span, rule.span))
        {
            let own = field.span;
            found.push(finding(rule, &when, own, Of::Default(&field.get().name)));
        }
        let seeds = spec.seeds.iter().map(|(_, seed)| seed);
        for row in seeds
            .filter(|seed| seed.entity == rule.entity)
            .flat_map(|seed| &seed.rows)
        {
            let given = row.values.iter().find(|(id, _)| *id == field.id);
            if let Some((_, SeedValue::Value(value))) = given
                && let Some(when) = refused(rule, field.id, clock, value)
            {
                found.push(finding(rule, &when, row.span, Of::Row(&row.handle)));
            }
        }
    }
}

/// Which constant is refused.
#[derive(Clone, Copy)]
enum Of<'s> {
    Default(&'s str),
    Row(&'s str),
}

/// When a rule refuses it.
enum When {
    Always,
    /// From this day or moment on.
    From(Value),
}

fn finding(rule: &Invariant, when: &When, at: Span, of: Of<'_>) -> Diagnostic {
    let name = &rule.name;
    let (code, message, label) = match (when, of) {
        (When::Always, Of::Default(field)) => (
            &codes::invariant::DEFAULT_BREAKS_RULE,
            format!("the default of `{field}` always breaks `{name}`"),
            "a row that keeps this default can't be saved".to_owned(),
        ),
        (When::Always, Of::Row(row)) => (
            &codes::invariant::SEED_BREAKS_RULE,
            format!("the row `{row}` always breaks the invariant `{name}`"),
            "this row can't be made any more".to_owned(),
        ),
        (When::From(day), Of::Default(field)) => (
            &codes::invariant::EXPIRING_VALUE,
            format!(
                "from {} on, the default of `{field}` breaks `{name}`",
                print_value(day)
            ),
            "from then on no row that keeps it can be made".to_owned(),
        ),
        (When::From(day), Of::Row(row)) => (
            &codes::invariant::EXPIRING_VALUE,
            format!(
                "from {} on, the row `{row}` breaks `{name}`",
                print_value(day)
            ),
            "from then on a new database can't be given this row".to_owned(),
        ),
    };
    let help = match of {
        Of::Default(_) => "remove the default, so that a day has to be given",
        Of::Row(_) => "let the invariant speak of people's rows alone, or remove it",
    };
    Diagnostic::new(code, at, message)
        .label(label)
        .note(
            rule.condition.span,
            "compares with the day on which the row is made",
        )
        .help(help)
}

/// The one field that a comparison with the clock is about, and which clock, where time can change the outcome only once.
fn compared(condition: &Expr) -> Option<(Id<Field>, Function)> {
    let compared = match &condition.kind {
        // The constant is there.
        ExprKind::Implies(premise, then) if matches!(premise.kind, ExprKind::IsSet(_)) => then,
        _ => condition,
    };
    let [field] = condition.fields()[..] else {
        return None;
    };
    let ExprKind::Compare(_, a, b) = &compared.kind else {
        return None;
    };
    let mut clock = None;
    let mut is_plain = true;
    for side in [a, b] {
        side.visit(&mut |part| match &part.kind {
            ExprKind::Value(_)
            | ExprKind::Field(_)
            | ExprKind::Arithmetic(ArithmeticOp::Add | ArithmeticOp::Subtract, ..) => {}
            ExprKind::Call(called @ (Function::Now | Function::Today), _) => {
                is_plain &= clock.replace(*called).is_none();
            }
            _ => is_plain = false,
        });
    }
    clock.filter(|_| is_plain).map(|clock| (field, clock))
}

/// When the rule refuses the constant, in the century in which projects are written to.
fn refused(rule: &Invariant, field: Id<Field>, clock: Function, value: &Value) -> Option<When> {
    let unit = if clock == Function::Today {
        DAY
    } else {
        SECOND
    };
    let mut row = Row::new();
    row.set(field, value.clone());
    let accepts = |units: i64| {
        let around = Surroundings {
            now: Some(units.checked_mul(unit)?),
            // A day is one of the calendar, wherever it is asked for.
            offset: Some(&|_| 0),
            me: None,
        };
        holds(&rule.condition, &row, around).ok()
    };
    let (mut last, mut first) = (EARLIEST / unit, LATEST / unit);
    match (accepts(last)?, accepts(first)?) {
        (false, false) => return Some(When::Always),
        (true, false) => {}
        _ => return None,
    }
    while first - last > 1 {
        let middle = i64::midpoint(first, last);
        if accepts(middle)? {
            last = middle;
        } else {
            first = middle;
        }
    }
    Some(When::From(match clock {
        Function::Today => Value::Date(first),
        _ => Value::DateTime(first.checked_mul(unit)?),
    }))
}

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    fn course(default: &str, rule: &str) -> Vec<String> {
        findings(&format!(
            "entity C {{\n n: int unique\n a: date{default}\n invariant r on create: {rule}\n}}"
        ))
    }

    #[test]
    fn a_day_that_is_past_whenever_a_row_is_made() {
        assert_eq!(
            course(" = 2020-01-01", "a > today()"),
            ["invariant::default_breaks_rule: the default of `a` always breaks `r`"]
        );
        assert_eq!(course(" = 2020-01-01", "a < today()"), [""; 0]);
        assert_eq!(course(" = 2020-01-01", "a > today() or n > 3"), [""; 0]);
    }

    #[test]
    fn a_day_that_will_be_past() {
        assert_eq!(
            course(" = 2030-05-02", "a > today() + 1d"),
            ["invariant::expiring_value: from 2030-05-01 on, the default of `a` breaks `r`"]
        );
        assert_eq!(
            course("? = 2030-05-02", "a is set implies a >= today()"),
            ["invariant::expiring_value: from 2030-05-03 on, the default of `a` breaks `r`"]
        );
        assert_eq!(course(" = 2030-05-02", "a <= today() + 9000d"), [""; 0]);
    }

    #[test]
    fn a_moment_is_one_to_the_second() {
        let spec = "entity C {\n n: int unique\n a: datetime\n invariant r on create: a > now()\n}\n\
             seed C {\n x { n: 1, a: 2031-01-01T10:00Z }\n y { n: 2, a: 2011-01-01T10:00Z }\n}";
        assert_eq!(
            findings(spec),
            [
                "invariant::expiring_value: from 2031-01-01T10:00Z on, the row `x` breaks `r`",
                "invariant::seed_breaks_rule: the row `y` always breaks the invariant `r`"
            ]
        );
    }
}
