use super::Files;

const BASE: &str = include_str!("../../requirements/base.txt");
const API: &str = include_str!("../../requirements/api.txt");
const API_DEVELOPMENT: &str = include_str!("../../requirements/api_development.txt");
const AUTH: &str = include_str!("../../requirements/auth.txt");
const ORIGINS: &str = include_str!("../../requirements/origins.txt");
const IMAGES: &str = include_str!("../../requirements/images.txt");
const DEVELOPMENT: &str = include_str!("../../requirements/development.txt");
const PRODUCTION: &str = include_str!("../../requirements/production.txt");

/// The locks that the compiler carries, put together for this project.
pub(super) fn emit(files: &mut Files<'_>) {
    let images = if files.facts.has_images { IMAGES } else { "" };
    let (api, checks) = if files.facts.has_access {
        (API, API_DEVELOPMENT)
    } else {
        ("", "")
    };
    let auth_facts = files.facts.auth.as_ref();
    let auth = if auth_facts.is_some() { AUTH } else { "" };
    let has_origins = auth_facts.is_some_and(|auth| auth.origins.is_some());
    let origins = if has_origins { ORIGINS } else { "" };
    files.fixed(
        "requirements/base.txt",
        &format!("{BASE}{api}{auth}{origins}{images}"),
    );
    files.fixed(
        "requirements/development.txt",
        &format!("-r base.txt\n{DEVELOPMENT}{checks}"),
    );
    files.fixed(
        "requirements/production.txt",
        &format!("-r base.txt\n{PRODUCTION}"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKS: [&str; 8] = [
        BASE,
        API,
        API_DEVELOPMENT,
        AUTH,
        ORIGINS,
        IMAGES,
        DEVELOPMENT,
        PRODUCTION,
    ];

    /// The packages of a lock with their lines of hashes.
    fn pins(lock: &str) -> Vec<(&str, usize)> {
        lock.split_inclusive('\n')
            .fold(Vec::new(), |mut pins, line| {
                match (line.starts_with(' '), pins.last_mut()) {
                    (true, Some((_, hashes))) => *hashes += line.matches("--hash=sha256:").count(),
                    _ => pins.push((line, 0)),
                }
                pins
            })
    }

    #[test]
    fn every_package_is_pinned_with_hashes() {
        for lock in LOCKS {
            for (line, hashes) in pins(lock) {
                assert!(line.contains("=="), "{line}");
                assert!(hashes > 0, "{line}");
            }
        }
    }

    #[test]
    fn no_lock_names_a_place_to_download_from() {
        for lock in LOCKS {
            assert!(!lock.contains("://"));
            assert!(lock.ends_with('\n'));
        }
    }
}
