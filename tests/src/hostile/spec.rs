//! A spec of hostile tokens, one in every place that takes a text, and what should become of each.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Tokens, pattern, quoted};

/// Fields with a default.
const DEFAULTS: usize = 8;
/// Values of an enum.
const CHOICES: usize = 8;
/// Rows of a seed, and texts in each.
const ROWS: usize = 9;
const CELLS: usize = 5;
/// The room of most texts.
const LONG: usize = 300;

/// A spec with a token in every place that takes one.
#[derive(Debug)]
pub struct Spec {
    /// The project's title.
    pub title: String,
    /// The project's documentation.
    pub doc: String,
    /// Its entities.
    pub entities: Vec<Entity>,
    /// What only comments hold, so that none of it may be found anywhere.
    pub comments: Vec<String>,
    /// How many tokens there are.
    pub tokens: usize,
}

/// An entity with its enum and its rows.
#[derive(Debug)]
#[allow(
    missing_docs,
    reason = "the names are those of the places in the language"
)]
pub struct Entity {
    pub label: String,
    pub plural: String,
    pub doc: String,
    pub defaults: Vec<String>,
    pub docs: Vec<String>,
    pub matched: String,
    pub matched_message: String,
    pub typed: String,
    pub typed_message: String,
    pub unique_where: String,
    pub unique_message: String,
    pub index_where: String,
    pub unequal: String,
    pub outside: [String; 2],
    pub contained: String,
    pub at_creation: String,
    pub messages: Vec<String>,
    pub begins: String,
    pub choices: Vec<(String, String)>,
    pub enum_doc: String,
    pub rows: Vec<Vec<String>>,
}

impl Spec {
    /// The spec of a seed; the tame one has the same structure, and letters and digits for texts.
    pub fn new(seed: u64, entities: usize, tame: bool) -> Self {
        let mut tokens = Tokens::new(seed, tame);
        let title = tokens.line(120);
        let doc = tokens.doc();
        let entities: Vec<Entity> = (0..entities).map(|_| Entity::new(&mut tokens)).collect();
        let comments: Vec<String> = entities
            .iter()
            .map(|_| tokens.doc().replace('\n', " "))
            .collect();
        Self {
            title,
            doc,
            entities,
            comments,
            tokens: tokens.count,
        }
    }

    /// The text of the spec.
    pub fn text(&self) -> String {
        let mut out = String::new();
        document(&mut out, "", &self.doc);
        let _ = writeln!(
            out,
            "project hostile {{\n  title: {}\n  timezone: \"UTC\"\n  language: \"en\"\n}}",
            quoted(&self.title)
        );
        for (number, (entity, comment)) in self.entities.iter().zip(&self.comments).enumerate() {
            let _ = writeln!(out, "// {comment}");
            entity.write(number, &mut out);
        }
        out
    }

    /// Everything that the emitted project should hold, by its place.
    pub fn expected(&self) -> Value {
        let entities: Vec<Value> = self
            .entities
            .iter()
            .enumerate()
            .map(|(number, entity)| entity.expected(number))
            .collect();
        json!({
            "title": self.title,
            "doc": self.doc,
            "comments": self.comments,
            "entities": entities,
        })
    }
}

impl Entity {
    fn new(tokens: &mut Tokens) -> Self {
        let mut some = |count: usize, limit: usize| -> Vec<String> {
            (0..count).map(|_| tokens.text(limit)).collect()
        };
        let defaults = some(DEFAULTS, LONG);
        let messages = some(4, LONG);
        let rows = (0..ROWS).map(|_| some(CELLS, LONG)).collect();
        Self {
            label: tokens.text(240),
            plural: tokens.text(240),
            doc: tokens.doc(),
            docs: (0..DEFAULTS + 3).map(|_| tokens.doc()).collect(),
            matched: tokens.text(200),
            matched_message: tokens.text(LONG),
            typed: tokens.text(200),
            typed_message: tokens.text(LONG),
            unique_where: tokens.text(LONG),
            unique_message: tokens.text(LONG),
            index_where: tokens.text(LONG),
            unequal: tokens.text(LONG),
            outside: [tokens.text(LONG), tokens.text(LONG)],
            contained: tokens.text(LONG),
            at_creation: tokens.text(LONG),
            begins: tokens.text(LONG),
            choices: (0..CHOICES)
                .map(|_| (tokens.text(LONG), tokens.text(100)))
                .collect(),
            enum_doc: tokens.doc(),
            defaults,
            messages,
            rows,
        }
    }

    fn write(&self, number: usize, out: &mut String) {
        let _ = writeln!(
            out,
            "type T{number} = text(400) matches {} message {}",
            quoted(&pattern(&self.typed)),
            quoted(&self.typed_message)
        );
        document(out, "", &self.enum_doc);
        let _ = writeln!(out, "enum K{number} {{");
        for (place, (label, stored)) in self.choices.iter().enumerate() {
            let (label, stored) = (quoted(label), quoted(stored));
            let _ = writeln!(out, "  v{place} {label} stored as {stored}");
        }
        out.push_str("}\n");
        document(out, "", &self.doc);
        let (label, plural) = (quoted(&self.label), quoted(&self.plural));
        let _ = writeln!(out, "entity E{number} {label}, {plural} {{\n  shown as key");
        let fields = [
            "key: text(400) unique".to_owned(),
            format!("kind: K{number} = v0"),
            format!(
                "matched: text(400) = {} matches {} message {}",
                quoted(&self.matched),
                quoted(&pattern(&self.matched)),
                quoted(&self.matched_message)
            ),
        ];
        let defaults = self
            .defaults
            .iter()
            .enumerate()
            .map(|(place, default)| format!("f{place}: text(400) = {}", quoted(default)));
        for (field, doc) in fields.into_iter().chain(defaults).zip(&self.docs) {
            document(out, "  ", doc);
            let _ = writeln!(out, "  {field}");
        }
        let message = |place: usize| quoted(self.messages.get(place).expect("a message"));
        let texts = [
            format!("typed: T{number} = {}", quoted(&self.typed)),
            "several: list of text(400) = []".to_owned(),
            format!("derive same: bool = f0 == {}", quoted(&self.defaults[0])),
            format!(
                "derive begins: bool = starts_with(f1, {})",
                quoted(&self.begins)
            ),
            format!(
                "unique (f2, f3) where f4 == {}\n    message {}",
                quoted(&self.unique_where),
                quoted(&self.unique_message)
            ),
            format!("index (f5) where f6 != {}", quoted(&self.index_where)),
            format!(
                "invariant unequal: f0 != {}\n    message {}",
                quoted(&self.unequal),
                message(0)
            ),
            format!(
                "invariant outside: f1 not in {{{}, {}}}\n    message {}",
                quoted(&self.outside[0]),
                quoted(&self.outside[1]),
                message(1)
            ),
            format!(
                "invariant without: not contains(f2, {})\n    message {}",
                quoted(&self.contained),
                message(2)
            ),
            format!(
                "invariant created on create: f3 != {}\n    message {}",
                quoted(&self.at_creation),
                message(3)
            ),
        ];
        for text in texts {
            let _ = writeln!(out, "  {text}");
        }
        let _ = writeln!(out, "}}\nseed E{number} {{");
        for (place, row) in self.rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
            let [key, one, two, three, four] = cells.as_slice() else {
                panic!("{CELLS} cells")
            };
            let _ = writeln!(
                out,
                "  r{place} {{ key: {key}, f5: {one}, f6: {two}, several: [{three}, {four}] }}"
            );
        }
        out.push_str("}\n");
    }

    fn expected(&self, number: usize) -> Value {
        json!({
            "name": format!("E{number}"),
            "enum": format!("K{number}"),
            "label": self.label,
            "plural": self.plural,
            "doc": self.doc,
            "docs": self.docs,
            "defaults": self.defaults,
            "matched": self.matched,
            "matched_message": self.matched_message,
            "typed": self.typed,
            "typed_message": self.typed_message,
            "unique_where": self.unique_where,
            "unique_message": self.unique_message,
            "index_where": self.index_where,
            "unequal": self.unequal,
            "outside": self.outside,
            "contained": self.contained,
            "at_creation": self.at_creation,
            "messages": self.messages,
            "begins": self.begins,
            "choices": self.choices,
            "enum_doc": self.enum_doc,
            "rows": self.rows,
        })
    }
}

/// Documentation in front of a declaration.
fn document(out: &mut String, indent: &str, doc: &str) {
    for line in doc.lines() {
        let _ = writeln!(out, "{indent}/// {line}");
    }
}
