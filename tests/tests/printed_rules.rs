//! Expressions printed as text read back as the same expressions: what messages and documents show is what holds.

use std::path::Path;

use appspec_diagnostics::{FileId, Severity, Sources, Span};
use appspec_ir::{
    ArithmeticOp, Comparison, Expr, ExprKind, Field, Id, Row, Spec, Surroundings, Type, Value,
    holds, print,
};
use appspec_tests::spec;
use serde_json::Value as Json;

/// Where the generated rules are about: two numbers and a truth that are there, and a number that may not be.
const ENTITY: &str = "project shop { title: \"Shop\" }\n\nentity Row {\n  a: int\n  b: int\n  yes: bool\n  maybe: int?\n";

fn compile(sources: &mut Sources) -> Spec {
    let (compiled, findings) = appspec_analysis::compile(sources);
    let messages: Vec<_> = findings
        .iter()
        // Whether a generated rule makes sense, and whether a predicate still stands in one, is not asked here.
        .filter(|finding| {
            !finding.code.id.starts_with("invariant::") && finding.code.severity == Severity::Error
        })
        .map(|finding| format!("{}: {}", finding.code.id, finding.message))
        .collect();
    assert_eq!(messages, [""; 0]);
    compiled.expect("a spec without errors").spec
}

/// An expression without the places in which it stands.
fn shape(expr: &Expr) -> Json {
    fn forget_places(json: &mut Json) {
        match json {
            Json::Object(object) => {
                object.remove("span");
                object.values_mut().for_each(forget_places);
            }
            Json::Array(items) => items.iter_mut().for_each(forget_places),
            _ => {}
        }
    }
    let mut json = serde_json::to_value(expr).expect("an expression is JSON");
    forget_places(&mut json);
    json
}

#[test]
fn rules_of_real_specs_read_back_as_themselves() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/check/valid");
    let mut seen = 0;
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("there are valid cases")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|end| end == "appspec"))
        .collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a case can be read");
        let mut sources = spec::sources(&text);
        let before = compile(&mut sources);
        for (id, invariant) in before.invariants.iter() {
            let printed = print(&before, &invariant.condition);
            let place = invariant.condition.span;
            let mut changed = Sources::new();
            for (file, source) in sources.iter() {
                let mut source = source.clone();
                if source.origin == appspec_diagnostics::Origin::Std {
                    continue;
                }
                if file == place.file {
                    source
                        .text
                        .replace_range(place.start as usize..place.end as usize, &printed);
                }
                changed.add(source);
            }
            let after = compile(&mut changed);
            assert_eq!(
                shape(&after.invariants[id].condition),
                shape(&invariant.condition),
                "{}: {printed}",
                path.display()
            );
            seen += 1;
        }
    }
    assert!(seen > 40, "only {seen} rules");
}

#[test]
fn generated_rules_read_back_with_the_same_meaning() {
    let mut sources = spec::sources(&format!("{ENTITY}}}\n"));
    let bare = compile(&mut sources);
    let row = bare
        .walk_entities()
        .find(|entity| entity.get().name == "Row")
        .expect("the entity is there");
    let field = |name: &str| row.field(name).expect("the field is there").id;
    let mut generator = Generator {
        state: 7,
        numbers: [field("a"), field("b")],
        truth: field("yes"),
        optional: field("maybe"),
    };
    let rules: Vec<_> = (0..400)
        .map(|_| generator.expr(Type::Bool, 4))
        .filter(|rule| !rule.fields().is_empty())
        .collect();
    let mut text = ENTITY.to_owned();
    for (index, rule) in rules.iter().enumerate() {
        text.extend([
            &format!("  invariant r{index}: "),
            &print(&bare, rule),
            "\n",
        ]);
    }
    text.push_str("}\n");
    let read = compile(&mut spec::sources(&text));
    for (index, rule) in rules.iter().enumerate() {
        let name = format!("r{index}");
        let (_, again) = read
            .invariants
            .iter()
            .find(|(_, invariant)| invariant.name == name)
            .expect("every rule is read");
        let printed = print(&bare, rule);
        for _ in 0..30 {
            let values = generator.row();
            let answers = [rule, &again.condition]
                .map(|condition| holds(condition, &values, Surroundings::default()));
            assert_eq!(answers[0], answers[1], "{printed}");
        }
    }
}

/// Generated expressions stand in no file.
const NOWHERE: Span = Span {
    file: FileId(0),
    start: 0,
    end: 0,
};

struct Generator {
    state: u64,
    numbers: [Id<Field>; 2],
    truth: Id<Field>,
    optional: Id<Field>,
}

impl Generator {
    fn below(&mut self, end: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % end
    }

    fn number(&mut self) -> Value {
        Value::Int(i128::from(self.below(7)) - 3)
    }

    fn row(&mut self) -> Row {
        let mut row = Row::new();
        for field in self.numbers {
            let value = self.number();
            row.set(field, value);
        }
        row.set(self.truth, Value::Bool(self.below(2) == 0));
        if self.below(2) == 0 {
            let value = self.number();
            row.set(self.optional, value);
        }
        row
    }

    fn boxed(&mut self, ty: Type, depth: u32) -> Box<Expr> {
        Box::new(self.expr(ty, depth))
    }

    fn expr(&mut self, ty: Type, depth: u32) -> Expr {
        let kind = if ty == Type::Bool {
            self.condition(depth)
        } else {
            self.arithmetic(depth)
        };
        Expr {
            kind,
            ty,
            span: NOWHERE,
        }
    }

    fn condition(&mut self, depth: u32) -> ExprKind {
        if depth == 0 {
            return if self.below(2) == 0 {
                ExprKind::Field(self.truth)
            } else {
                ExprKind::IsSet(self.optional)
            };
        }
        let depth = depth - 1;
        match self.below(9) {
            0 => ExprKind::Not(self.boxed(Type::Bool, depth)),
            1 => ExprKind::And(vec![
                self.expr(Type::Bool, depth),
                self.expr(Type::Bool, depth),
            ]),
            2 => ExprKind::Or(vec![
                self.expr(Type::Bool, depth),
                self.expr(Type::Bool, depth),
            ]),
            3 => ExprKind::Implies(self.boxed(Type::Bool, depth), self.boxed(Type::Bool, depth)),
            4 => ExprKind::In(
                self.boxed(Type::Int, depth),
                vec![self.number(), Value::Int(5)],
            ),
            5 => {
                // Two constants would have to be in order.
                let [low, high] = self.numbers.map(|field| {
                    Box::new(Expr {
                        kind: ExprKind::Field(field),
                        ty: Type::Int,
                        span: NOWHERE,
                    })
                });
                ExprKind::Between(self.boxed(Type::Int, depth), low, high)
            }
            other => {
                let comparison = [
                    Comparison::Less,
                    Comparison::Equal,
                    Comparison::GreaterOrEqual,
                ];
                ExprKind::Compare(
                    comparison[usize::try_from(other - 6).expect("a small number")],
                    self.boxed(Type::Int, depth),
                    self.boxed(Type::Int, depth),
                )
            }
        }
    }

    fn arithmetic(&mut self, depth: u32) -> ExprKind {
        if depth == 0 || self.below(4) == 0 {
            return match self.below(3) {
                0 => ExprKind::Value(Value::Int(i128::from(self.below(9)))),
                1 => ExprKind::Field(self.numbers[0]),
                _ => ExprKind::Field(self.numbers[1]),
            };
        }
        let depth = depth - 1;
        let operator = match self.below(5) {
            0 => {
                // A constant would be read together with its sign.
                let inner = self.boxed(Type::Int, depth);
                return match inner.kind {
                    ExprKind::Value(_) => inner.kind,
                    _ => ExprKind::Negate(inner),
                };
            }
            1 => return ExprKind::Otherwise(self.optional, self.boxed(Type::Int, depth)),
            2 => ArithmeticOp::Add,
            3 => ArithmeticOp::Subtract,
            _ => ArithmeticOp::Multiply,
        };
        ExprKind::Arithmetic(
            operator,
            self.boxed(Type::Int, depth),
            self.boxed(Type::Int, depth),
        )
    }
}
