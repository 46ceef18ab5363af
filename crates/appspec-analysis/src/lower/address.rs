//! Addresses of the web.

/// `https://app.example.com:8443/path` in its parts. What is written in another way than browsers do is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address<'t> {
    /// Whether it begins with `https`.
    pub(crate) is_secure: bool,
    /// The name or the number of the machine; of IPv6 with its brackets.
    pub(crate) host: &'t str,
    /// The port as written.
    pub(crate) port: Option<u16>,
    /// What stands behind: nothing, or a path and more that begins with `/`, `?` or `#`.
    pub(crate) rest: &'t str,
}

impl<'t> Address<'t> {
    /// The parts of an address.
    pub(crate) fn read(text: &'t str) -> Option<Self> {
        let (is_secure, behind) = match text.strip_prefix("https://") {
            Some(behind) => (true, behind),
            None => (false, text.strip_prefix("http://")?),
        };
        let is_plain = |it: char| it.is_ascii_graphic() && !matches!(it, '"' | '<' | '>' | '\\');
        if !behind.chars().all(is_plain) {
            return None;
        }
        let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
        let (machine, rest) = behind.split_at_checked(end)?;
        let (host, port) = match machine.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(number(port)?)),
            _ => (machine, None),
        };
        is_host(host).then_some(Self {
            is_secure,
            host,
            port,
            rest,
        })
    }

    /// Whether it is on the machine itself.
    pub(crate) fn is_local(&self) -> bool {
        matches!(self.host, "localhost" | "127.0.0.1" | "[::1]")
            || self.host.ends_with(".localhost")
    }

    /// Whether browsers leave the port out, because it goes without saying.
    pub(crate) fn has_needless_port(&self) -> bool {
        self.port == Some(if self.is_secure { 443 } else { 80 })
    }
}

fn number(port: &str) -> Option<u16> {
    let is_plain = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    port.parse().ok().filter(|_| is_plain)
}

fn is_host(host: &str) -> bool {
    if let Some(inside) = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        return inside.parse::<std::net::Ipv6Addr>().is_ok();
    }
    host.len() <= 253 && host.split('.').all(is_label)
}

/// One of the words between the dots of a host.
fn is_label(label: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(is_letter)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_has_parts() {
        let address = Address::read("https://app.example.com:8443/a?b").unwrap();
        assert!(address.is_secure && !address.is_local());
        let parts = (address.host, address.port, address.rest);
        assert_eq!(parts, ("app.example.com", Some(8443), "/a?b"));
        let local = Address::read("http://[::1]:80").unwrap();
        assert!(local.is_local() && local.has_needless_port());
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "https://",
            "ftp://example.com",
            "https://*",
            "https://*.example.com",
            "https://exa mple.com",
            "https://a@example.com",
            "https://example.com:port",
            "https://example.com:99999",
            "https://-a.example.com",
            "https://a..b",
            "https://ex\nample.com",
            "https://example.com\"",
            "example.com",
        ] {
            assert_eq!(Address::read(text), None, "{text}");
        }
    }
}
