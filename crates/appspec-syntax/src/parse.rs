use appspec_diagnostics::{Diagnostic, Diagnostics, FileId, codes::syntax};
use pest::Parser as _;
use pest::error::InputLocation;

use crate::ast::{File, Item};
use crate::build::{self, Context};
use crate::foreign;
use crate::grammar::{Grammar, Pair, Rule};
use crate::limits::{MAX_FILE_BYTES, MAX_NESTING};
use crate::scan::Trivia;
use crate::stack;

/// Reads one file. It never fails: every mistake goes to `out`, and what could be read is returned.
pub fn parse(file: FileId, text: &str, out: &mut Diagnostics) -> File {
    read(file, text, out, |_, _| ()).tree
}

/// A file as it was read.
pub(crate) struct Read {
    pub(crate) trivia: Trivia,
    pub(crate) tree: File,
    /// Nothing could be read: it is too large, or nests too deep.
    pub(crate) refused: bool,
}

/// Reads one file, and gives each piece to `each`: where it begins, and what the grammar made of it.
pub(crate) fn read<'t>(
    file: FileId,
    text: &'t str,
    out: &mut Diagnostics,
    mut each: impl FnMut(usize, Pair<'t>),
) -> Read {
    let mut read = Read {
        trivia: Trivia::default(),
        tree: File {
            items: Vec::new(),
            comments: Vec::new(),
            unread: Vec::new(),
        },
        refused: true,
    };
    if text.len() > MAX_FILE_BYTES {
        let mut cx = Context::new(file, "", &read.trivia, out);
        let at = cx.range(0, 0);
        cx.error(
            &syntax::TOO_LARGE,
            at,
            format!("the file has {} bytes", text.len()),
            "too large to be read",
            format!("split it into modules of at most {MAX_FILE_BYTES} bytes"),
        );
        return read;
    }
    read.trivia = Trivia::scan(text);
    let trivia = &read.trivia;
    let mut cx = Context::new(file, text, trivia, out);
    if let Some(at) = trivia.too_deep {
        too_deep(&mut cx, text, at);
        return read;
    }
    let (mut items, mut refused) = (Vec::new(), false);
    for piece in trivia.pieces(text) {
        cx.enter(piece.clone());
        let masked = trivia.masked(text, &piece);
        let written = text.get(piece.clone()).unwrap_or("");
        let read_piece = || match &masked {
            Some(masked) => items.append(&mut read_piece(&mut cx, masked, |_| ())),
            None => items.append(&mut read_piece(&mut cx, written, |pair| {
                each(piece.start, pair);
            })),
        };
        let enough = stack::enough_for(masked.as_deref().unwrap_or(written), read_piece);
        if let Err(at) = enough {
            too_deep(&mut cx, text, piece.start + at);
            refused = true;
            break;
        }
    }
    if refused {
        return read;
    }
    read.tree = File {
        items,
        comments: cx.comments(),
        unread: cx.unread(),
    };
    read.refused = false;
    if trivia.unclosed_comment {
        let rest = trivia.block_comments.last();
        let rest = rest.map(|comment| cx.in_file(comment.start, comment.end));
        read.tree.unread.extend(rest);
    }
    foreign::check_types(&mut cx, &read.tree);
    cx.answer_asked(&read.tree);
    for conflict in &trivia.conflicts {
        let last = cx.in_file(conflict.last.start, conflict.last.end);
        let found = Diagnostic::new(
            &syntax::MERGE_CONFLICT,
            cx.in_file(conflict.first.start, conflict.first.end),
            "this file has a merge conflict",
        )
        .label("it begins here")
        .note(last, "and ends here")
        .help("keep what is right of both sides, and remove the lines of the markers");
        cx.report(found);
    }
    for comment in &trivia.block_comments {
        let at = cx.in_file(comment.start, (comment.start + 2).min(comment.end));
        let edit = foreign::line_comment(text, comment);
        let whole = cx.in_file(comment.start, comment.end);
        let edit = edit.as_deref().map(|edit| (whole, edit));
        let meant = "`//` on each line of the comment";
        foreign::answer_with(&mut cx, at, "/*", meant, edit);
    }
    for doc in &trivia.trailing_docs {
        let at = cx.in_file(doc.start, doc.end);
        stray_doc(&mut cx, at);
    }
    for at in cx.unclaimed_docs() {
        stray_doc(&mut cx, at);
    }
    read
}

/// Reads one piece, and gives what the grammar made of it to `each`.
fn read_piece<'p>(
    cx: &mut Context<'_>,
    text: &'p str,
    mut each: impl FnMut(Pair<'p>),
) -> Vec<Item> {
    match Grammar::parse(Rule::file, text) {
        Ok(pairs) => pairs
            .flat_map(|pair| {
                each(pair.clone());
                build::items(cx, pair)
            })
            .collect(),
        // The grammar reads any text: what it has no rule for is junk.
        Err(error) => {
            let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
            let place = cx.range(at, (at + 1).min(text.len()));
            cx.error(
                &syntax::UNEXPECTED,
                place,
                "this can't be read",
                "from here on",
                "write an item: `entity`, `enum`, `type`, `mixin`, `extend`, `predicate`, `seed`, `use` or `project`",
            );
            Vec::new()
        }
    }
}

fn too_deep(cx: &mut Context<'_>, text: &str, at: usize) {
    let place = cx.in_file(at, (at + 1).min(text.len()));
    cx.error(
        &syntax::TOO_DEEP,
        place,
        format!("brackets nest more than {MAX_NESTING} levels deep"),
        "too deep from here on",
        "close the brackets before this place, or split the expression with `predicate`",
    );
}

fn stray_doc(cx: &mut Context<'_>, at: appspec_diagnostics::Span) {
    cx.error(
        &syntax::STRAY_DOC,
        at,
        "`///` documents nothing here",
        "no item or member follows",
        "put it on the line before an item, a member or an enum value, or write `//` for a comment",
    );
}
