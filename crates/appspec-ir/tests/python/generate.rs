//! Well-typed expressions and rows by a fixed sequence of pseudo-random numbers.

use appspec_diagnostics::{FileId, Span};
use appspec_ir::{
    Arena, ArithmeticOp, Comparison, Entity, Environment, Expr, ExprKind, Field, FieldType,
    Function, Id, Identity, Labels, Module, Project, Row, Scalar, Spec, Type, Value,
};

const DAY: i64 = 86_400_000_000;

/// Each type twice: always there, and optional.
const SCALARS: [Scalar; 9] = [
    Scalar::Int,
    Scalar::Decimal {
        digits: 12,
        places: 3,
    },
    Scalar::Float,
    Scalar::Text { max: None },
    Scalar::Date,
    Scalar::Time,
    Scalar::DateTime,
    Scalar::Duration,
    Scalar::Bool,
];

pub(crate) struct Generator {
    state: u64,
    pub(crate) spec: Spec,
}

pub(crate) fn expression_type(ty: &FieldType) -> Type {
    match ty {
        FieldType::Scalar(Scalar::Int) => Type::Int,
        FieldType::Scalar(Scalar::Decimal { places, .. }) => Type::Decimal { places: *places },
        FieldType::Scalar(Scalar::Float) => Type::Float,
        FieldType::Scalar(Scalar::Text { .. }) => Type::Text,
        FieldType::Scalar(Scalar::Date) => Type::Date,
        FieldType::Scalar(Scalar::Time) => Type::Time,
        FieldType::Scalar(Scalar::DateTime) => Type::DateTime,
        FieldType::Scalar(Scalar::Duration) => Type::Duration,
        FieldType::Scalar(Scalar::Bool) => Type::Bool,
        other => panic!("{other:?} is not generated"),
    }
}

fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: seed,
            spec: spec(),
        }
    }

    /// A number below `end`, from the high bits of a 64-bit linear congruence.
    fn below(&mut self, end: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % end
    }

    fn number(&mut self, low: i64, high: i64) -> i64 {
        let width = usize::try_from(high - low + 1).unwrap();
        low + i64::try_from(self.below(width.min(1 << 30))).unwrap()
    }

    pub(crate) fn case(&mut self) -> (Expr, Row) {
        let wanted = match self.below(14) {
            0 => Type::Int,
            1 => Type::Decimal { places: 3 },
            2 => Type::Float,
            3 => Type::Text,
            4 => Type::Date,
            5 => Type::Time,
            6 => Type::DateTime,
            7 => Type::Duration,
            _ => Type::Bool,
        };
        let expr = self.expr(wanted, 4);
        (expr, self.row())
    }

    fn row(&mut self) -> Row {
        let mut row = Row::new();
        let fields: Vec<_> = self
            .spec
            .fields
            .iter()
            .map(|(id, field)| (id, field.optional, expression_type(&field.ty)))
            .collect();
        for (id, optional, ty) in fields {
            if !optional || self.below(3) > 0 {
                let value = self.constant(ty);
                row.set(id, value);
            }
        }
        row
    }

    fn constant(&mut self, ty: Type) -> Value {
        match ty {
            Type::Int => Value::Int(match self.below(8) {
                0 => i128::from(i64::MAX),
                1 => i128::from(i32::MIN),
                _ => i128::from(self.number(-20, 20)),
            }),
            Type::Decimal { .. } | Type::Float => {
                let mantissa = match self.below(8) {
                    0 => 999_999_999_999,
                    _ => self.number(-3_000, 3_000),
                };
                let scale = u32::try_from(self.below(4)).unwrap();
                Value::Decimal(rust_decimal::Decimal::new(mantissa, scale))
            }
            Type::Text => {
                const TEXTS: [&str; 9] = [
                    "",
                    "a",
                    "Ab c",
                    "  b ",
                    "é\u{301}ß",
                    "İI",
                    "👍🏽",
                    "\t x",
                    "ab\"\\\n",
                ];
                Value::Text(TEXTS[self.below(TEXTS.len())].to_owned())
            }
            Type::Date => Value::Date(self.number(-30_000, 30_000)),
            Type::Time => Value::Time(self.number(0, 86_399) * 1_000_000 + self.number(0, 2)),
            Type::DateTime => Value::DateTime(
                self.number(-30_000, 30_000) * DAY + self.number(0, 86_399) * 1_000_000,
            ),
            Type::Duration => Value::Duration(match self.below(3) {
                0 => self.number(-40, 40) * DAY,
                1 => self.number(-4_000, 4_000) * 60_000_000,
                _ => self.number(-4_000, 4_000) * 1_000,
            }),
            Type::Bool => Value::Bool(self.below(2) == 0),
            other => panic!("{other:?} is not generated"),
        }
    }

    fn field(&mut self, ty: Type, optional: bool) -> Id<Field> {
        let fitting: Vec<_> = self
            .spec
            .fields
            .iter()
            .filter(|(_, field)| field.optional == optional && expression_type(&field.ty) == ty)
            .map(|(id, _)| id)
            .collect();
        fitting[self.below(fitting.len())]
    }

    fn expr(&mut self, ty: Type, depth: usize) -> Expr {
        let kind = if depth == 0 || self.below(6) == 0 {
            self.leaf(ty)
        } else {
            self.branch(ty, depth - 1)
        };
        Expr {
            kind,
            ty,
            span: span(),
        }
    }

    fn leaf(&mut self, ty: Type) -> ExprKind {
        match self.below(40) {
            // Unguarded, which the analysis would refuse: the evaluator has to say so.
            0 => ExprKind::Field(self.field(ty, true)),
            1..20 => ExprKind::Field(self.field(ty, false)),
            _ => ExprKind::Value(self.constant(ty)),
        }
    }

    fn boxed(&mut self, ty: Type, depth: usize) -> Box<Expr> {
        Box::new(self.expr(ty, depth))
    }

    fn call(&mut self, function: Function, types: &[Type], depth: usize) -> ExprKind {
        let arguments = types.iter().map(|ty| self.expr(*ty, depth)).collect();
        ExprKind::Call(function, arguments)
    }

    fn arithmetic(&mut self, op: ArithmeticOp, a: Type, b: Type, depth: usize) -> ExprKind {
        ExprKind::Arithmetic(op, self.boxed(a, depth), self.boxed(b, depth))
    }

    fn branch(&mut self, ty: Type, depth: usize) -> ExprKind {
        if self.below(10) == 0 {
            let field = self.field(ty, true);
            return ExprKind::Otherwise(field, self.boxed(ty, depth));
        }
        match ty {
            Type::Bool => self.condition(depth),
            Type::Int => self.whole(depth),
            Type::Decimal { .. } | Type::Float => self.fraction(ty, depth),
            Type::Text => {
                let function = [Function::Lower, Function::Upper, Function::Trim][self.below(3)];
                self.call(function, &[Type::Text], depth)
            }
            Type::Date => match self.below(3) {
                0 => self.call(Function::Date, &[Type::DateTime], depth),
                1 => ExprKind::Call(Function::Today, Vec::new()),
                _ => {
                    let op = [ArithmeticOp::Add, ArithmeticOp::Subtract][self.below(2)];
                    self.arithmetic(op, ty, Type::Duration, depth)
                }
            },
            Type::Time => self.call(Function::Time, &[Type::DateTime], depth),
            Type::DateTime => {
                if self.below(4) == 0 {
                    ExprKind::Call(Function::Now, Vec::new())
                } else {
                    let op = [ArithmeticOp::Add, ArithmeticOp::Subtract][self.below(2)];
                    self.arithmetic(op, ty, Type::Duration, depth)
                }
            }
            Type::Duration => match self.below(5) {
                0 => self.arithmetic(
                    ArithmeticOp::Subtract,
                    Type::DateTime,
                    Type::DateTime,
                    depth,
                ),
                1 => self.arithmetic(ArithmeticOp::Subtract, Type::Date, Type::Date, depth),
                2 => ExprKind::Negate(self.boxed(ty, depth)),
                3 => self.call(Function::Abs, &[ty], depth),
                _ => self.arithmetic(ArithmeticOp::Add, ty, ty, depth),
            },
            other => panic!("{other:?} is not generated"),
        }
    }

    fn condition(&mut self, depth: usize) -> ExprKind {
        let scalars = SCALARS.map(|scalar| expression_type(&FieldType::Scalar(scalar)));
        let ty = scalars[self.below(SCALARS.len() - 1)];
        match self.below(12) {
            0 => ExprKind::Not(self.boxed(Type::Bool, depth)),
            1 => {
                let parts = (0..self.below(3) + 2).map(|_| self.expr(Type::Bool, depth));
                ExprKind::And(parts.collect())
            }
            2 => {
                let parts = (0..self.below(3) + 2).map(|_| self.expr(Type::Bool, depth));
                ExprKind::Or(parts.collect())
            }
            3 => {
                // A guard, as people write it.
                let field = self.field(ty, true);
                let guarded = Expr {
                    kind: ExprKind::Field(field),
                    ty,
                    span: span(),
                };
                let comparison = ExprKind::Compare(
                    Comparison::LessOrEqual,
                    Box::new(guarded),
                    self.boxed(ty, depth),
                );
                let condition = |kind| {
                    Box::new(Expr {
                        kind,
                        ty: Type::Bool,
                        span: span(),
                    })
                };
                ExprKind::Implies(condition(ExprKind::IsSet(field)), condition(comparison))
            }
            4 => ExprKind::In(
                self.boxed(ty, depth),
                (0..=self.below(3)).map(|_| self.constant(ty)).collect(),
            ),
            5 => ExprKind::Between(
                self.boxed(ty, depth),
                self.boxed(ty, depth),
                self.boxed(ty, depth),
            ),
            6 => {
                let function =
                    [Function::StartsWith, Function::EndsWith, Function::Contains][self.below(3)];
                self.call(function, &[Type::Text, Type::Text], depth)
            }
            7 => ExprKind::IsSet(self.field(ty, true)),
            _ => {
                let comparison = [
                    Comparison::Equal,
                    Comparison::NotEqual,
                    Comparison::Less,
                    Comparison::LessOrEqual,
                    Comparison::Greater,
                    Comparison::GreaterOrEqual,
                ][self.below(6)];
                ExprKind::Compare(comparison, self.boxed(ty, depth), self.boxed(ty, depth))
            }
        }
    }

    fn whole(&mut self, depth: usize) -> ExprKind {
        let day = [Type::Date, Type::DateTime][self.below(2)];
        match self.below(14) {
            0 => self.call(Function::Length, &[Type::Text], depth),
            1 => self.call(Function::Floor, &[Type::Decimal { places: 3 }], depth),
            2 => self.call(Function::Ceil, &[Type::Decimal { places: 3 }], depth),
            3 => self.call(Function::Year, &[day], depth),
            4 => self.call(Function::Month, &[day], depth),
            5 => self.call(Function::Day, &[day], depth),
            6 => self.call(Function::Weekday, &[day], depth),
            7 => {
                let part = [Type::Time, Type::DateTime][self.below(2)];
                self.call(Function::Hour, &[part], depth)
            }
            8 => self.call(Function::MinutesBetween, &[Type::DateTime; 2], depth),
            9 => self.call(Function::HoursBetween, &[Type::DateTime; 2], depth),
            10 => self.call(Function::DaysBetween, &[day; 2], depth),
            11 => self.call(Function::Min, &[Type::Int; 2], depth),
            12 => ExprKind::Negate(self.boxed(Type::Int, depth)),
            _ => {
                let op = [
                    ArithmeticOp::Add,
                    ArithmeticOp::Subtract,
                    ArithmeticOp::Multiply,
                ][self.below(3)];
                self.arithmetic(op, Type::Int, Type::Int, depth)
            }
        }
    }

    fn fraction(&mut self, ty: Type, depth: usize) -> ExprKind {
        match self.below(8) {
            0 => {
                let places = i128::from(self.number(-2, 4));
                let places = Expr {
                    kind: ExprKind::Value(Value::Int(places)),
                    ty: Type::Int,
                    span: span(),
                };
                ExprKind::Call(Function::Round, vec![self.expr(ty, depth), places])
            }
            1 => self.call(Function::Abs, &[ty], depth),
            2 => self.call(Function::Max, &[ty, ty], depth),
            3 => ExprKind::Negate(self.boxed(ty, depth)),
            _ => {
                let op = [
                    ArithmeticOp::Add,
                    ArithmeticOp::Subtract,
                    ArithmeticOp::Multiply,
                ][self.below(3)];
                self.arithmetic(op, ty, ty, depth)
            }
        }
    }
}

fn spec() -> Spec {
    let mut modules = Arena::new();
    let module = modules.push(Module {
        path: "all".into(),
        label: "all".into(),
        is_std: false,
        entities: vec![Id::from_index(0)],
        enums: Vec::new(),
    });
    let mut fields = Arena::new();
    let mut listed = Vec::new();
    for optional in [false, true] {
        for (index, scalar) in SCALARS.into_iter().enumerate() {
            listed.push(fields.push(Field {
                optional,
                ..Field::plain(
                    Id::from_index(0),
                    format!("{}{index}", if optional { "maybe" } else { "field" }),
                    FieldType::Scalar(scalar),
                    span(),
                )
            }));
        }
    }
    let mut entities = Arena::new();
    let user = entities.push(Entity {
        name: "All".into(),
        doc: None,
        module,
        labels: Labels {
            singular: "all".into(),
            plural: "alls".into(),
        },
        identity: Identity::Uuid,
        fields: listed,
        derives: Vec::new(),
        invariants: Vec::new(),
        uniques: Vec::new(),
        across: Vec::new(),
        overlaps: Vec::new(),
        lifecycles: Vec::new(),
        changes: Vec::new(),
        one_of: Vec::new(),
        append_only: None,
        audited: None,
        soft_delete: None,
        keep: None,
        frozen: None,
        access: None,
        indexes: Vec::new(),
        shown_as: None,
        sorted_by: Vec::new(),
        was: None,
        span: span(),
    });
    Spec {
        project: Project {
            name: "all".into(),
            title: "All".into(),
            doc: None,
            timezone: "UTC".into(),
            language: "en".into(),
            span: span(),
        },
        modules,
        entities,
        fields,
        derives: Arena::new(),
        invariants: Arena::new(),
        enums: Arena::new(),
        types: Arena::new(),
        seeds: Arena::new(),
        roles: Arena::new(),
        auth: None,
        environment: Environment::new(),
        user,
        written: appspec_ir::Written::default(),
    }
}
