/// The scalar types, which no declaration may shadow.
pub(crate) const SCALARS: [&str; 21] = [
    "text", "slug", "email", "url", "phone", "int", "bigint", "float", "decimal", "bool", "date",
    "time", "datetime", "duration", "uuid", "json", "file", "image", "ip", "bytes", "token",
];

/// The functions, which no predicate may shadow.
pub(crate) const FUNCTIONS: [&str; 25] = [
    "now",
    "today",
    "length",
    "lower",
    "upper",
    "trim",
    "round",
    "abs",
    "floor",
    "ceil",
    "min",
    "max",
    "year",
    "month",
    "day",
    "weekday",
    "hour",
    "date",
    "time",
    "minutes_between",
    "hours_between",
    "days_between",
    "starts_with",
    "ends_with",
    "contains",
];
