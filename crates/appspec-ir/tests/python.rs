//! The evaluator against Python itself: thousands of generated expressions, the same answer from both.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails loudly, and the other side of the comparison is a process"
)]

#[path = "python/generate.rs"]
mod generate;
#[path = "python/translate.rs"]
mod translate;

use std::io::Write;
use std::process::{Command, Stdio};

use appspec_ir::{Surroundings, Type, Undefined, Value, evaluate};

const EXPRESSIONS: usize = 6_000;
/// 2026-03-29T00:59:30Z
const NOW: i64 = 1_774_745_970 * 1_000_000;
/// +05:45, so that hours and days differ from those of UTC.
const OFFSET: i64 = (5 * 60 + 45) * 60 * 1_000_000;

#[test]
fn python_gives_the_same_answers() {
    let mut generator = generate::Generator::new(20_260_329);
    let mut script = String::from(include_str!("python/prelude.py"));
    let constants = format!("\nNOW = moment({NOW})\nOFFSET = timedelta(microseconds={OFFSET})\n");
    script.push_str(&constants);
    let mut answers = Vec::new();
    for _ in 0..EXPRESSIONS {
        let (expr, row) = generator.case();
        script.push_str(&translate::case(&generator.spec, &expr, &row));
        let around = Surroundings {
            now: Some(NOW),
            offset: Some(&|_| OFFSET),
            me: None,
        };
        answers.push((evaluate(&expr, &row, around), expr));
    }

    let printed = run_python(&script);
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines.len(), EXPRESSIONS);
    let mut too_large = 0;
    let mut missing = 0;
    for ((answer, expr), python) in answers.iter().zip(lines) {
        let ours = match answer {
            Ok(value) => shown(value),
            Err(Undefined::Missing(_)) => {
                missing += 1;
                "missing".to_owned()
            }
            Err(Undefined::Overflow) => {
                // Python's numbers have no end; ours end in an error, never in a wrong answer.
                too_large += 1;
                continue;
            }
            Err(other) => panic!("{other:?}: {}", appspec_ir::print(&generator.spec, expr)),
        };
        if expr.ty == Type::Float && answer.is_ok() {
            // Two decimals of the same length can name one binary fraction.
            let numbers = [ours.as_str(), python].map(|text| text.parse::<f64>().unwrap());
            assert_eq!(
                numbers[0].to_bits(),
                numbers[1].to_bits(),
                "{ours} {python}"
            );
            continue;
        }
        assert_eq!(ours, python, "{}", appspec_ir::print(&generator.spec, expr));
    }
    assert!(too_large < EXPRESSIONS / 50, "{too_large} overflows");
    assert!(
        missing > 0 && missing < EXPRESSIONS / 5,
        "{missing} missing"
    );
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(number) => number.to_string(),
        Value::Decimal(number) => number.normalize().to_string(),
        Value::Text(text) => translate::hex(text),
        Value::Date(days) => format!("date {days}"),
        Value::Time(time) => format!("time {time}"),
        Value::DateTime(moment) => format!("moment {moment}"),
        Value::Duration(length) => format!("duration {length}"),
        Value::Uuid(name) | Value::Enum(name) => name.clone(),
    }
}

fn run_python(script: &str) -> String {
    let mut python = Command::new("python3")
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed");
    python
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}
