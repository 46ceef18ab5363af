//! Conditions of rules: a `Q`, or a function of the person who asks.

use appspec_backend::python::{Def, Expr as Py, Ident, Parameter, Stmt};
use appspec_backend::snake_case;
use appspec_ir::{Entity, Expr, Spec, Walk, print};

use crate::expressions::{Conditions, Scope};
use crate::target::Target;

/// The longest name of a function that says what its condition says.
const LONGEST: usize = 60;

/// The functions of a file, each once.
#[derive(Default)]
pub(super) struct Named(Vec<(Ident, Py, String)>);

impl Named {
    /// The condition as a rule names it.
    pub(super) fn condition(&mut self, entity: Walk<'_, Entity>, expr: &Expr) -> Py {
        let condition = condition(entity.spec, expr);
        if !expr.asks_who() {
            return condition;
        }
        let says = print(entity.spec, expr);
        let known = self.0.iter();
        let rows = &entity.get().name;
        let doc = super::told(
            format!("Return which `{rows}` rows have `{says}`."),
            &format!("Return which `{rows}` rows are meant by the condition."),
            &says,
        );
        if let Some((name, ..)) = known
            .clone()
            .find(|(_, it, told)| *it == condition && *told == doc)
        {
            return Py::name(name.clone());
        }
        let wanted = format!("{}_{}", snake_case(rows), slug(&says));
        let is_taken = |name: &str| known.clone().any(|(it, ..)| it.as_str() == name);
        let mut name = wanted.clone();
        let mut number = 1_usize;
        while is_taken(&name) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        let name = Ident::new(&name);
        self.0.push((name.clone(), condition, doc));
        Py::name(name)
    }

    /// The functions, in the order in which they were named.
    pub(super) fn functions(self) -> Vec<Stmt> {
        let functions = self.0.into_iter().map(|(name, condition, doc)| {
            let person = Py::from("accounts.models", "User");
            Stmt::Def(Def {
                decorators: vec![],
                name,
                parameters: vec![Parameter::typed("me", person)],
                returns: crate::expressions::q(),
                doc: Some(doc),
                body: vec![Stmt::Return(condition)],
            })
        });
        functions.collect()
    }
}

/// A condition about rows, as a `Q`; who asks is called `me`.
pub(super) fn condition(spec: &Spec, expr: &Expr) -> Py {
    Conditions(Scope::of(spec, Target::Model)).condition(expr)
}

/// The way from a row to what a reference of it leads to, as lookups name it.
pub(super) fn path(spec: &Spec, expr: &Expr) -> String {
    Scope::of(spec, Target::Model)
        .column(expr)
        .unwrap_or_else(|| "pk".to_owned())
}

/// `client_is_me`, of `client == me`
fn slug(says: &str) -> String {
    let words: Vec<String> = says
        .split(|c: char| c.is_whitespace() || "(){},.".contains(c))
        .filter_map(word)
        .collect();
    let slug = words.join("_");
    if slug.is_empty() || slug.len() > LONGEST {
        "condition".to_owned()
    } else {
        slug
    }
}

/// What a word of a condition is in a name.
fn word(word: &str) -> Option<String> {
    let said = match word {
        "" => return None,
        "==" => "is",
        "!=" => "is_not",
        "<" => "below",
        "<=" => "at_most",
        ">" => "above",
        ">=" => "at_least",
        "+" => "plus",
        "-" => "minus",
        "*" => "times",
        other => other,
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let said: String = said.chars().filter(|c| is_plain(*c)).collect();
    (!said.is_empty()).then(|| said.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_name_says_what_the_condition_says() {
        assert_eq!(slug("client == me"), "client_is_me");
        assert_eq!(
            slug("stylist.user == me and status in {requested, confirmed}"),
            "stylist_user_is_me_and_status_in_requested_confirmed"
        );
        assert_eq!(slug("\"é\" != \"\u{202e}\""), "is_not");
        assert_eq!(slug(&"a == b and ".repeat(20)), "condition");
    }
}
