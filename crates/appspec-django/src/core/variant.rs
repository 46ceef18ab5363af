//! What a template has for projects in which rules say who may do what, and what for the others.

/// The lines for one of both. `# if access`, `# else` and `# end` stand alone on lines at the left margin.
pub(crate) fn variant(text: &str, has_access: bool) -> String {
    chosen(text, &[("access", has_access)])
}

/// The lines that are for a project of which these words are true or not, each between `# if word` and `# end`. Any other
/// comment is a comment.
pub(crate) fn chosen(text: &str, words: &[(&str, bool)]) -> String {
    let mut chosen = String::with_capacity(text.len());
    let (mut holds, mut is_meant) = (true, true);
    for line in text.split_inclusive('\n') {
        let sign = line.trim_end();
        let condition = sign.strip_prefix("# if ");
        let condition = words.iter().find(|(word, _)| condition == Some(word));
        match (condition, sign) {
            (Some((_, is_true)), _) => {
                holds = *is_true;
                is_meant = holds;
            }
            (None, "# else") => is_meant = !holds,
            (None, "# end") => is_meant = true,
            _ if is_meant => chosen.push_str(line),
            _ => {}
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::{chosen, variant};

    #[test]
    fn each_has_its_lines() {
        let text = "a\n# if access\nb\n# else\nc\n# end\nd\n# if access\ne\n# end\n";
        assert_eq!(variant(text, true), "a\nb\nd\ne\n");
        assert_eq!(variant(text, false), "a\nc\nd\n");
        let text = "# if open\na\n# end\n# if idle\n";
        assert_eq!(chosen(text, &[("open", false)]), "# if idle\n");
    }
}
