//! Files of ten random mistakes between items, members and comments that are right.

use crate::catalogue::{MISTAKES, Mistake, Place};

/// A file, what must be found in it and what must come out of it.
#[derive(Default)]
pub(crate) struct Composed {
    pub(crate) text: String,
    /// Line and code of each mistake.
    pub(crate) mistakes: Vec<(usize, &'static str)>,
    /// The names of the items and members that are right.
    pub(crate) names: Vec<String>,
    lines: usize,
    number: usize,
}

/// How many mistakes each file has.
pub(crate) const MANY: usize = 10;

impl Composed {
    /// The file of a seed, always the same.
    pub(crate) fn of(seed: u64) -> Self {
        let mut random = Random(seed);
        let mut file = Self::default();
        let mut last = "";
        while file.mistakes.len() < MANY {
            match random.below(5) {
                0 => file.good_item(&mut random),
                1 | 2 => {
                    let place = *random.of(&[Place::Item, Place::Item, Place::Loose]);
                    let mistake = random.mistake(place);
                    if last == mistake.text {
                        continue;
                    }
                    last = mistake.text;
                    if mistake.place == Place::Loose {
                        file.line("");
                    }
                    // A `}` closes whatever could have been meant as a block before it.
                    if mistake.text == "}" {
                        file.good_item(&mut random);
                    }
                    file.mistake(mistake, "");
                    if mistake.open {
                        file.good_item(&mut random);
                    }
                }
                _ => file.block(&mut random),
            }
            file.between(&mut random, "");
        }
        file.good_item(&mut random);
        file
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        self.lines += 1 + text.matches('\n').count();
    }

    fn fresh(&mut self, text: &str) -> String {
        self.number += 1;
        text.replace('$', &self.number.to_string())
    }

    fn between(&mut self, random: &mut Random, indent: &str) {
        match random.below(6) {
            0 => self.line(&format!("{indent}// a remark: {{ \"")),
            1 | 2 => self.line(""),
            _ => {}
        }
    }

    fn mistake(&mut self, mistake: &Mistake, indent: &str) {
        let text = self.fresh(mistake.text);
        let lines = mistake.lines().map(|line| self.lines + 1 + line);
        self.mistakes.extend(lines.map(|line| (line, mistake.code)));
        self.line(&format!("{indent}{text}"));
    }

    /// Puts a text that is right; what is called `right_…` in it has to come out.
    fn good(&mut self, text: &str, indent: &str) {
        let text = self.fresh(text);
        let words = text.split(|it: char| !it.is_alphanumeric() && it != '_');
        let names = words.filter(|word| word.starts_with("right_"));
        self.names.extend(names.map(str::to_owned));
        self.line(&format!("{indent}{text}"));
    }

    fn good_item(&mut self, random: &mut Random) {
        let text = random.of(GOOD_ITEMS);
        self.good(text, "");
    }

    fn block(&mut self, random: &mut Random) {
        let (header, place, good) = random.of(BLOCKS);
        let left = MANY - self.mistakes.len();
        let mut mistakes = 1 + random.below(left.min(4));
        self.good(header, "");
        let inner = if *place == Place::Entry { "    " } else { "  " };
        let mut last = "";
        while mistakes > 0 {
            if random.below(2) == 0 {
                let text = random.of(good);
                self.good(text, inner);
            } else {
                let mistake = random.mistake(*place);
                // Two of a kind in a row are one: remarks, or the values of one row.
                if last == mistake.text {
                    continue;
                }
                last = mistake.text;
                self.mistake(mistake, inner);
                mistakes -= 1;
                if mistake.open {
                    let text = random.of(good);
                    self.good(text, inner);
                }
            }
            self.between(random, inner);
        }
        if random.below(2) == 0 {
            let text = random.of(good);
            self.good(text, inner);
        }
        self.line(if *place == Place::Entry {
            "  }\n}"
        } else {
            "}"
        });
    }
}

const GOOD_ITEMS: &[&str] = &[
    "/// One of them.\nentity right_e$ \"One\", \"Many\" with M, N\n    was old {\n  shown as a\n  right_f$: text(80)?\n}",
    "entity right_e$ { right_f$: int }",
    "enum right_e$ { right_v$, right_w$ \"W\" stored as \"w\" }",
    "enum right_e$ {\n  right_v$\n  right_w$ was old\n}",
    "type right_t$ = decimal(5, 2) in 0..100\n  message \"Too much.\"",
    "type right_t$ =\n  text",
    "mixin right_m$ {\n  right_f$: datetime\n  index (right_k$)\n}",
    "extend entity right_x$ {\n  right_f$: int\n}",
    "predicate right_p$(x: A) = x.a > 0\n  and x.b > 0",
    "seed right_s$ {\n  right_r$ { n: \"a\", m: 2 }\n}",
    "use right_u$.{A, B}",
    "use right_u$",
];

type Block = (&'static str, Place, &'static [&'static str]);

const BLOCKS: &[Block] = &[
    ("entity right_e$ {", Place::Member, GOOD_MEMBERS),
    (
        "entity right_e$ \"One\" with M\n{",
        Place::Member,
        GOOD_MEMBERS,
    ),
    ("mixin right_m$ {", Place::Member, GOOD_MEMBERS),
    ("extend entity right_x$ {", Place::Member, GOOD_MEMBERS),
    ("enum right_e$ {", Place::Value, GOOD_VALUES),
    ("seed right_s$ {", Place::Row, GOOD_ROWS),
    ("seed right_s$ {\n  right_r$ {", Place::Entry, GOOD_ENTRIES),
    ("project right_p$ {", Place::Setting, GOOD_SETTINGS),
];

const GOOD_MEMBERS: &[&str] = &[
    "right_f$: int",
    "right_f$: text(80) = \"x {\" unique // why (",
    "right_f$: A\n    on delete set null\n    inverse them",
    "right_f$: A on delete cascade was old",
    "/// A document.\n  right_f$: list of int = []",
    "invariant right_i$: a > 0\n    and b in {1, 2}\n    message \"Wrong.\"",
    "invariant right_i$: (\n    a > 0\n  )",
    "unique (right_k$, b) where a is set",
    "derive right_d$: int = a +\n    b",
    "predicate right_p$ = a > 0",
    "type: text",
    "entity: A",
];

const GOOD_VALUES: &[&str] = &[
    "right_v$",
    "right_v$ \"Label\"",
    "right_v$ stored as \"v\" was old",
    "right_v$, right_w$",
];

const GOOD_ROWS: &[&str] = &[
    "right_r$ { n: 1, m: \"x\" }",
    "right_r$ {\n    n: 1\n    m: 2\n  }",
    "right_r$ {}",
];

const GOOD_ENTRIES: &[&str] = &["right_n$: 1", "right_n$: \"a, b\"", "right_n$: 1 + 2"];

const GOOD_SETTINGS: &[&str] = &["right_k$: \"x\"", "right_k$: a, b", "right_k$: 1"];

/// A small generator: the same numbers on every machine and in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit.max(1)
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        choices
            .get(self.below(choices.len()))
            .expect("there is a choice")
    }

    fn mistake(&mut self, place: Place) -> &'static Mistake {
        loop {
            let mistake = self.of(MISTAKES);
            if mistake.place == place {
                return mistake;
            }
        }
    }
}
