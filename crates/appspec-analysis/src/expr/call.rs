use appspec_diagnostics::{Diagnostic, Root, Span, codes};
use appspec_ir::{Expr, ExprKind, Function, Type, Value};
use appspec_syntax::ast::{self, Name};

use super::lowerer::{Lowerer, Place, value};
use super::types::unify;
use crate::lower::layout::Entry;
use crate::names::{Decl, Declared, FUNCTIONS, Found};

/// Beyond this, `round` has no digits left to keep.
const MOST_PLACES: i128 = 28;

impl Lowerer<'_, '_> {
    pub(super) fn call(
        &mut self,
        name: &Name,
        arguments: &[ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        if let Some(finding) = self.given_rows(name, arguments, span) {
            self.out.push(finding);
            return None;
        }
        let Some(function) = function(&name.text) else {
            return self.predicate(name, arguments, span);
        };
        let wanted = arity(function);
        if !wanted.contains(&arguments.len()) {
            self.out.push(wrong_count(name, arguments.len(), function));
            return None;
        }
        let lowered = self.arguments(function, arguments)?;
        let call = self.typed(function, lowered, name, span)?;
        self.report_time(
            matches!(function, Function::Now | Function::Today),
            is_in_zone(&call),
            span,
        );
        Some(call)
    }

    fn arguments(&mut self, function: Function, arguments: &[ast::Expr]) -> Option<Vec<Expr>> {
        if let (Function::Min | Function::Max, [a, b]) = (function, arguments) {
            let (a, b) = self.pair(a, b)?;
            return Some(vec![a, b]);
        }
        let lowered: Vec<Option<Expr>> = arguments
            .iter()
            .map(|argument| self.lower(argument, None))
            .collect();
        lowered.into_iter().collect()
    }

    fn typed(
        &mut self,
        function: Function,
        mut arguments: Vec<Expr>,
        name: &Name,
        span: Span,
    ) -> Option<Expr> {
        use Function as F;
        let first = arguments.first().map(|argument| argument.ty);
        let second = arguments.get(1).map(|argument| argument.ty);
        let ty = match (function, first, second) {
            (F::Now, ..) => Some(Type::DateTime),
            (F::Today, ..) | (F::Date, Some(Type::DateTime), _) => Some(Type::Date),
            (F::Lower | F::Upper | F::Trim, Some(Type::Text), _) => Some(Type::Text),
            (F::Round, Some(Type::Decimal { .. } | Type::Int), places) => {
                if places.is_none() {
                    arguments.push(value(Value::Int(0), Type::Int, span));
                }
                return self.round(arguments, span);
            }
            (F::Abs, Some(ty @ (Type::Int | Type::Decimal { .. } | Type::Duration)), _) => Some(ty),
            (F::Min | F::Max, Some(a), Some(b)) if super::types::is_ordered(a) => unify(a, b),
            (F::Length, Some(Type::Text), _)
            | (F::Floor | F::Ceil, Some(Type::Int | Type::Decimal { .. }), _)
            | (F::Year | F::Month | F::Day | F::Weekday, Some(Type::Date | Type::DateTime), _)
            | (F::Hour, Some(Type::Time | Type::DateTime), _)
            | (
                F::MinutesBetween | F::HoursBetween | F::DaysBetween,
                Some(Type::DateTime),
                Some(Type::DateTime),
            )
            | (F::DaysBetween, Some(Type::Date), Some(Type::Date)) => Some(Type::Int),
            (F::Time, Some(Type::DateTime), _) => Some(Type::Time),
            (F::StartsWith | F::EndsWith | F::Contains, Some(Type::Text), Some(Type::Text)) => {
                Some(Type::Bool)
            }
            _ => None,
        };
        let Some(ty) = ty else {
            self.wrong_types(function, name, &arguments);
            return None;
        };
        Some(Expr {
            kind: ExprKind::Call(function, arguments),
            ty,
            span,
        })
    }

    fn round(&mut self, arguments: Vec<Expr>, span: Span) -> Option<Expr> {
        let places = arguments.get(1).and_then(|argument| match &argument.kind {
            ExprKind::Value(Value::Int(places)) => Some((*places, argument.span)),
            _ => None,
        });
        let Some(places) = places
            .filter(|(places, _)| (0..=MOST_PLACES).contains(places))
            .and_then(|(places, _)| u32::try_from(places).ok())
        else {
            let at = arguments.get(1).map_or(span, |argument| argument.span);
            self.out.push(
                Diagnostic::new(
                    &codes::types::NOT_CONSTANT,
                    at,
                    "`round` needs a constant number of places",
                )
                .help(format!("write a number from 0 to {MOST_PLACES}")),
            );
            return None;
        };
        Some(Expr {
            kind: ExprKind::Call(Function::Round, arguments),
            ty: Type::Decimal { places },
            span,
        })
    }

    fn wrong_types(&mut self, function: Function, name: &Name, arguments: &[Expr]) {
        // What no rule can ask about is no value of another type.
        if let Some(opaque) = arguments.iter().find(|it| it.ty == Type::Opaque) {
            let finding = self.opaque(opaque);
            self.out.push(finding);
            return;
        }
        let given: Vec<String> = arguments
            .iter()
            .map(|argument| self.describe(argument.ty))
            .collect();
        let mut finding = Diagnostic::new(
            &codes::types::MISMATCH,
            name.span,
            format!(
                "`{}` can't be applied to {}",
                name.text,
                given.join(" and ")
            ),
        );
        for (argument, text) in arguments.iter().zip(given) {
            finding = finding.note(argument.span, text);
        }
        self.out
            .push(finding.help(format!("it is used as `{}`", signature(function))));
    }

    /// `late(this)`
    fn predicate(&mut self, name: &Name, arguments: &[ast::Expr], span: Span) -> Option<Expr> {
        let names = self.names();
        let id = match names.find(self.site.module, &name.text) {
            Found::Poisoned => return None,
            Found::Decl(Declared {
                decl: Decl::Predicate(id),
                ..
            }) => id,
            Found::Decl(_) | Found::Nothing => {
                let finding = match self.fallback(name, arguments, span) {
                    Some(finding) => finding,
                    None => self.unknown_function(name),
                };
                self.out.push(finding);
                return None;
            }
        };
        let node = *self.layout.predicates.get(id.index())?;
        let computed = self.layout.computed.get(node)?;
        let row = self.site.row.unwrap_or("this");
        let given = match arguments {
            [argument] => match &argument.kind {
                ast::ExprKind::Path(path) => match path.names.as_slice() {
                    [only] => only.text == row,
                    _ => false,
                },
                _ => false,
            },
            _ => false,
        };
        if !given {
            self.out.push(
                Diagnostic::new(
                    &codes::types::FUNCTION_ARGUMENTS,
                    span,
                    format!("the predicate `{}` asks about a row", name.text),
                )
                .label("not given the row")
                .note(computed.name().span, "declared here")
                .help(format!("give it the row: `{}({row})`", name.text)),
            );
            return None;
        }
        let body = computed.body()?;
        if body != self.site.body {
            let wanted = self.layout.bodies.get(body).map_or("", |body| body.name);
            let here = self.body().map_or("", |body| body.name);
            self.out.push(
                Diagnostic::new(
                    &codes::types::MISMATCH,
                    span,
                    format!(
                        "`{}` asks about `{wanted}`, this row is of `{here}`",
                        name.text
                    ),
                )
                .note(computed.name().span, "declared here")
                .help(format!("declare a predicate about `{here}`")),
            );
            return None;
        }
        self.inline(node, span)
    }

    /// `coalesce(discount, 0)`
    fn fallback(&self, name: &Name, arguments: &[ast::Expr], span: Span) -> Option<Diagnostic> {
        let [value, other] = arguments else {
            return None;
        };
        let word = name.text.to_ascii_lowercase();
        FALLBACKS.contains(&word.as_str()).then_some(())?;
        let text = |expr: &ast::Expr| self.names().text(expr.span);
        let ours = if self.is_required(value) {
            text(value).to_owned()
        } else {
            format!("({} otherwise {})", text(value), text(other))
        };
        Some(
            Diagnostic::new(
                &codes::name::UNKNOWN,
                name.span,
                format!("no function or predicate `{}`", name.text),
            )
            .label("not declared")
            .help(format!("write `{ours}`"))
            .edit(span, ours),
        )
    }

    /// Whether it is a field that always has a value.
    fn is_required(&self, expr: &ast::Expr) -> bool {
        let ast::ExprKind::Path(path) = &expr.kind else {
            return false;
        };
        let [name] = path.names.as_slice() else {
            return false;
        };
        let slot = match self.entry(&name.text) {
            Some((Entry::Field(at), _)) => self.body().and_then(|body| body.slots.get(at)),
            _ => None,
        };
        slot.is_some_and(|slot| slot.ast.optional.is_none())
    }

    fn unknown_function(&self, name: &Name) -> Diagnostic {
        let names = self.names();
        if let Some((Entry::Computed(_), declared)) = self.entry(&name.text) {
            return Diagnostic::new(
                &codes::types::FUNCTION_ARGUMENTS,
                name.span,
                format!("`{}` takes no arguments", name.text),
            )
            .label("no function")
            .note(declared, "declared here")
            .help(format!("write `{}` alone", name.text));
        }
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            name.span,
            format!("no function or predicate `{}`", name.text),
        )
        .label("not declared")
        .rooted(Root::new(
            Span::new(name.span.file, 0, 0),
            name.text.as_str(),
        ));
        if matches!(name.text.as_str(), "uuid" | "token") {
            return finding.help(format!("`{}()` is for defaults only", name.text));
        }
        let elsewhere = names.modules_declaring(&name.text);
        if let Some(module) = elsewhere.first() {
            return finding.help(format!("add `use {module}.{{{}}}`", name.text));
        }
        if let Some(ours) = foreign(&name.text) {
            return finding
                .help(format!("in appspec it is `{ours}`"))
                .edit(name.span, ours);
        }
        let predicates = names
            .predicates
            .iter()
            .map(|found| found.item.name.text.as_str());
        match names.closest(&name.text, FUNCTIONS.into_iter().chain(predicates)) {
            Some(meant) => finding.did_you_mean(name.span, meant),
            None => finding.help("declare it: `predicate name(x: Entity) = …`"),
        }
    }

    /// Refuses inlined parts that depend on the moment or the time zone.
    pub(super) fn check_time(&mut self, expr: &Expr, at: Span) {
        let now = expr.calls(Function::Now) || expr.calls(Function::Today);
        let mut zone = false;
        expr.visit(&mut |part| zone |= is_in_zone(part));
        self.report_time(now, zone, at);
    }

    /// A database keeps the answer of a standing rule, so the answer may not change by itself.
    fn report_time(&mut self, now: bool, zone: bool, at: Span) {
        let finding = match self.site.place {
            Place::Create
            | Place::Change
            | Place::Predicate
            | Place::Action
            | Place::Access
            | Place::Role => return,
            place if now => Diagnostic::new(
                &codes::invariant::TIME_DEPENDENT,
                at,
                "true today can be false tomorrow",
            )
            .label("changes with time")
            .help(match place {
                Place::Standing => self.at_its_moment(at),
                Place::Condition => "compare with a field instead of the current moment".to_owned(),
                _ => "derive the value from fields only".to_owned(),
            }),
            Place::Standing | Place::Condition if zone => Diagnostic::new(
                &codes::invariant::TIME_ZONE_DEPENDENT,
                at,
                "day and hour of a moment hang on the time zone, which a stored rule can't follow",
            )
            .help("use a `date` or `time` field, or check it `on create`"),
            _ => return,
        };
        self.out.push(finding);
    }
}

/// Whether this is a part of a moment, which is taken in the project's time zone.
fn is_in_zone(expr: &Expr) -> bool {
    let ExprKind::Call(function, arguments) = &expr.kind else {
        return false;
    };
    matches!(
        function,
        Function::Year
            | Function::Month
            | Function::Day
            | Function::Weekday
            | Function::Hour
            | Function::Date
            | Function::Time
    ) && arguments
        .first()
        .is_some_and(|argument| argument.ty == Type::DateTime)
}

fn function(name: &str) -> Option<Function> {
    Some(match name {
        "now" => Function::Now,
        "today" => Function::Today,
        "length" => Function::Length,
        "lower" => Function::Lower,
        "upper" => Function::Upper,
        "trim" => Function::Trim,
        "round" => Function::Round,
        "abs" => Function::Abs,
        "floor" => Function::Floor,
        "ceil" => Function::Ceil,
        "min" => Function::Min,
        "max" => Function::Max,
        "year" => Function::Year,
        "month" => Function::Month,
        "day" => Function::Day,
        "weekday" => Function::Weekday,
        "hour" => Function::Hour,
        "date" => Function::Date,
        "time" => Function::Time,
        "minutes_between" => Function::MinutesBetween,
        "hours_between" => Function::HoursBetween,
        "days_between" => Function::DaysBetween,
        "starts_with" => Function::StartsWith,
        "ends_with" => Function::EndsWith,
        "contains" => Function::Contains,
        _ => return None,
    })
}

/// What functions of other languages that take the same values in the same order are called here.
/// What other languages call `otherwise`.
const FALLBACKS: &[&str] = &["coalesce", "ifnull", "isnull", "nvl"];

fn foreign(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "len" | "char_length" | "character_length" | "length" => "length",
        "lcase" | "lower" | "tolowercase" => "lower",
        "ucase" | "upper" | "touppercase" => "upper",
        "strip" | "btrim" | "trim" => "trim",
        "startswith" => "starts_with",
        "endswith" => "ends_with",
        "abs" | "fabs" => "abs",
        "round" => "round",
        "floor" => "floor",
        "ceil" | "ceiling" => "ceil",
        "least" | "min" => "min",
        "greatest" | "max" => "max",
        "now" | "getdate" | "sysdate" => "now",
        "current_date" | "curdate" | "today" => "today",
        _ => return None,
    })
}

fn arity(function: Function) -> std::ops::RangeInclusive<usize> {
    match function {
        Function::Now | Function::Today => 0..=0,
        Function::Round => 1..=2,
        Function::Min
        | Function::Max
        | Function::MinutesBetween
        | Function::HoursBetween
        | Function::DaysBetween
        | Function::StartsWith
        | Function::EndsWith
        | Function::Contains => 2..=2,
        _ => 1..=1,
    }
}

fn signature(function: Function) -> &'static str {
    match function {
        Function::Now => "now()",
        Function::Today => "today()",
        Function::Length => "length(text)",
        Function::Lower => "lower(text)",
        Function::Upper => "upper(text)",
        Function::Trim => "trim(text)",
        Function::Round => "round(decimal, places)",
        Function::Abs => "abs(number)",
        Function::Floor => "floor(decimal)",
        Function::Ceil => "ceil(decimal)",
        Function::Min => "min(a, b)",
        Function::Max => "max(a, b)",
        Function::Year => "year(date)",
        Function::Month => "month(date)",
        Function::Day => "day(date)",
        Function::Weekday => "weekday(date)",
        Function::Hour => "hour(time)",
        Function::Date => "date(moment)",
        Function::Time => "time(moment)",
        Function::MinutesBetween => "minutes_between(first, second)",
        Function::HoursBetween => "hours_between(first, second)",
        Function::DaysBetween => "days_between(first, second)",
        Function::StartsWith => "starts_with(text, beginning)",
        Function::EndsWith => "ends_with(text, end)",
        Function::Contains => "contains(text, part)",
    }
}

fn wrong_count(name: &Name, given: usize, function: Function) -> Diagnostic {
    Diagnostic::new(
        &codes::types::FUNCTION_ARGUMENTS,
        name.span,
        match given {
            0 => format!("`{}` needs arguments", name.text),
            1 => format!("`{}` does not take one argument", name.text),
            _ => format!("`{}` does not take {given} arguments", name.text),
        },
    )
    .label(match arity(function).into_inner() {
        (0, _) => "takes nothing".to_owned(),
        (1, 1) => "takes one value".to_owned(),
        (2, 2) => "takes two values".to_owned(),
        (least, most) => format!("takes {least} or {most} values"),
    })
    .help(format!("it is used as `{}`", signature(function)))
}
