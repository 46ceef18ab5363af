//! What a template has for projects in which rules say who may do what, and what for the others.

/// The lines for one of both. `# if access`, `# else` and `# end` stand alone on lines at the left margin.
pub(crate) fn variant(text: &str, has_access: bool) -> String {
    let mut chosen = String::with_capacity(text.len());
    let mut is_meant = true;
    for line in text.split_inclusive('\n') {
        match line.trim_end() {
            "# if access" => is_meant = has_access,
            "# else" => is_meant = !has_access,
            "# end" => is_meant = true,
            _ if is_meant => chosen.push_str(line),
            _ => {}
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::variant;

    #[test]
    fn each_has_its_lines() {
        let text = "a\n# if access\nb\n# else\nc\n# end\nd\n# if access\ne\n# end\n";
        assert_eq!(variant(text, true), "a\nb\nd\ne\n");
        assert_eq!(variant(text, false), "a\nc\nd\n");
    }
}
