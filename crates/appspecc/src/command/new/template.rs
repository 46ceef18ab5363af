use clap::ValueEnum;

/// A spec to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Template {
    /// books, and who has borrowed them
    Library,
    /// appointments, stylists, services
    Salon,
    /// a catalogue, and orders of several products; two modules
    Shop,
    /// clubs and teams, and the matches between them; two modules
    League,
    /// no entity at all
    Blank,
}

/// A file of a template.
#[derive(Clone, Debug)]
pub(super) struct Module {
    /// Its name, which its file has too.
    pub(super) name: String,
    pub(super) text: String,
}

impl Module {
    /// Where it lies in the folder of the spec.
    pub(super) fn path(&self) -> String {
        format!("{}.appspec", self.name)
    }
}

/// The files of a template, each a spec of its own in its folder: the one with `project`, then its other modules.
macro_rules! files {
    ($template:literal $(, $module:literal)*) => {
        (
            include_str!(concat!("specs/", $template, "/", $template, ".appspec")),
            &[$((
                $module,
                include_str!(concat!("specs/", $template, "/", $module, ".appspec")),
            )),*],
        )
    };
}

impl Template {
    /// Its name on the command line, which its project has too.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Salon => "salon",
            Self::Shop => "shop",
            Self::League => "league",
            Self::Blank => "blank",
        }
    }

    /// The files for a project of this name, the one with `project` first.
    pub(super) fn modules(self, project: &str, title: &str) -> Vec<Module> {
        let (root, others): (&str, &[(&str, &str)]) = match self {
            Self::Library => files!("library"),
            Self::Salon => files!("salon"),
            Self::Shop => files!("shop", "catalogue"),
            Self::League => files!("league", "clubs"),
            Self::Blank => files!("blank"),
        };
        let own = self.name();
        let root = Module {
            name: project.to_owned(),
            text: root
                .replacen(
                    &format!("project {own} {{"),
                    &format!("project {project} {{"),
                    1,
                )
                .replacen(
                    &format!("title: \"{}\"", super::title(own)),
                    &format!("title: \"{title}\""),
                    1,
                ),
        };
        let others = others.iter().map(|(name, text)| Module {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        });
        std::iter::once(root).chain(others).collect()
    }
}
