use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::command::new::{NewProject, Template};
use crate::exit::EXIT_CODES;

/// Compile .appspec specifications into Django projects that you own.
#[derive(Debug, Parser)]
#[command(
    name = "appspecc",
    version,
    long_about = "Compile .appspec specifications into Django projects that you own.\n\n\
        You write down what your app is: its data and what must always be true of it. appspecc checks that it \
        makes sense as a whole and writes the Django project: models, migrations, constraints, admin, settings, \
        tests, documentation.",
    after_help = EXIT_CODES,
    after_long_help = concat!(
        "Examples:\n",
        "  appspecc new library      # start a spec in the folder `library`\n",
        "  appspecc check library    # look for mistakes\n",
        "  appspecc build library    # write the Django project to library/build/library\n",
        "  appspecc dev library      # run it, and follow the spec\n\n",
        "Exit codes:\n",
        "  0  done\n",
        "  1  the spec has errors\n",
        "  2  the arguments make no sense\n",
        "  3  the world failed: a file can't be read or written, or appspecc has a bug\n",
        "  4  not as the spec says, not formatted, or something of yours would be overwritten\n",
        "  130  stopped by Ctrl-C or by the system"
    ),
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        display_order = 900,
        help = "Whether to use colours: auto, always, never",
        long_help = "Whether to use colours: `always`, `never`, or `auto`, which is on a terminal and unless the \
            environment variable NO_COLOR is set"
    )]
    pub(crate) color: ColorWhen,

    /// Print findings and what was asked for, no summary and no hints
    #[arg(long, short, global = true, display_order = 901)]
    pub(crate) quiet: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    New(New),
    Check(Check),
    Build(Build),
    Dev(Dev),
    Fmt(Fmt),
    Std(Std),
    Explain(Explain),
    Inspect(Inspect),
    Completions(Completions),
}

/// Start a spec: a small one that works, to grow from
#[derive(Debug, Args)]
#[command(
    long_about = "Start a spec: a small one that works, to grow from.\n\n\
        Makes the folder NAME with NAME.appspec, a .gitignore and settings for Visual Studio Code. A folder that \
        holds anything already is left alone (exit code 4).\n\n\
        --from chooses the business that the spec is about.",
    after_long_help = "Examples:\n  \
        appspecc new library\n  \
        appspecc new specs/library\n  \
        appspecc new outfitters --from shop"
)]
pub(crate) struct New {
    /// The name of the project, or a path that ends with it: lower-case letters, digits and `_`
    #[arg(value_parser = NewProject::parse)]
    pub(crate) name: NewProject,

    /// The spec to start from
    #[arg(long, value_name = "SPEC", default_value = "library")]
    pub(crate) from: Template,
}

/// Look for mistakes in a spec
#[derive(Debug, Args)]
#[command(
    long_about = "Look for mistakes in a spec.\n\n\
        PATH is the folder of a spec or one of its files. A folder is one spec: every .appspec file in it and \
        below, except in hidden folders and in build, dist, node_modules, target, venv and __pycache__. The file \
        with `project` makes its folder the root; a file of the spec finds it in the folders above.\n\n\
        Findings are drawn on standard error. With --format they are data on standard output: `short` gives each \
        a line of the form `file:line:column: severity[code]: message`, `json` is for editors and other tools, \
        `sarif` for code scanning, `github` marks the lines of a pull request.\n\n\
        An editor that checks what is not saved yet names the file with --stdin-path and sends its text.\n\n\
        With --fix, findings with one certain answer are mended: a slip in a name, a spelling of another language, \
        a missing sign. What is mended is checked again, until nothing certain is left; a file is only written when \
        the spec is better for it, and all of its other bytes stay. Together with --stdin-path no file is written: \
        standard output is the mended text.",
    after_long_help = "Examples:\n  \
        appspecc check\n  \
        appspecc check specs/salon\n  \
        appspecc check --format short specs/salon/booking.appspec\n  \
        appspecc check --stdin-path specs/salon/booking.appspec < specs/salon/booking.appspec\n  \
        appspecc check --format json | jq '.diagnostics[].message'\n  \
        appspecc check --fix"
)]
pub(crate) struct Check {
    /// The folder of the spec, or a file of it
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,

    /// How findings are shown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,

    /// Show at most so many findings, the worst first
    #[arg(long, value_name = "N")]
    pub(crate) max_errors: Option<usize>,

    /// Show matters of taste too
    #[arg(long)]
    pub(crate) advice: bool,

    /// Mend what is certain, and write the files
    #[arg(long)]
    pub(crate) fix: bool,

    /// Read the text of this file of the spec from standard input, as if it were saved
    #[arg(long, value_name = "FILE", conflicts_with = "path")]
    pub(crate) stdin_path: Option<PathBuf>,
}

/// Write the Django project that a spec describes
#[derive(Debug, Args)]
#[command(
    long_about = "Write the Django project that a spec describes.\n\n\
        Only files whose content changes are written, all of them or none. Files that you \
        add are yours and never touched. A generated file that was edited by hand stops the build before \
        anything is written, unless --keep or --overwrite says what to do. A migration, once written, never \
        changes; a later build adds the next one.\n\n\
        PATH is found as in `appspecc check`.",
    after_long_help = "Examples:\n  \
        appspecc build\n  \
        appspecc build specs/salon --out ../salon\n  \
        appspecc build --check    # in continuous integration"
)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Build {
    /// The folder of the spec, or a file of it
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,

    /// Where the project is written, instead of build/PROJECT in the spec's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Write nothing; exit with 4 if the project is not what the spec says
    #[arg(long)]
    pub(crate) check: bool,

    /// Keep generated files that were edited by hand as they are
    #[arg(long, conflicts_with = "overwrite")]
    pub(crate) keep: bool,

    /// Replace generated files that were edited by hand
    #[arg(long)]
    pub(crate) overwrite: bool,

    /// List each file, and each rule with where it is enforced
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// Run the app that a spec describes, and follow the spec
#[derive(Debug, Args)]
#[command(
    long_about = "Run the app that a spec describes, and follow the spec.\n\n\
        Builds the project as `appspecc build` does, makes a virtual environment in it (with uv where there is one, \
        otherwise with Python 3.11 or later and pip), installs what it needs, brings its SQLite database up to the \
        spec, stores example rows and an administrator, serves it on this machine and says where to click.\n\n\
        Each time a file of the spec is saved, it builds, migrates and serves anew; rows stay. While the spec has \
        errors, the last good version goes on. Ctrl-C ends it and everything that it started (exit code 130). \
        Its logs and the password of the administrator are in the project's folder .dev, which Git ignores.\n\n\
        PATH is found as in `appspecc check`.",
    after_long_help = "Examples:\n  \
        appspecc dev --once\n  \
        appspecc dev specs/salon --port 8123 --once    # up to the first page, in continuous integration"
)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Dev {
    /// The folder of the spec, or a file of it
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,

    /// Where the project is written, instead of build/PROJECT in the spec's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Serve on this port, instead of 8000 or the next one that is free
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,

    /// Stop as soon as the app has answered
    #[arg(long)]
    pub(crate) once: bool,

    /// Store no example rows
    #[arg(long)]
    pub(crate) no_demo: bool,

    /// Keep generated files that were edited by hand as they are
    #[arg(long, conflicts_with = "overwrite")]
    pub(crate) keep: bool,

    /// Replace generated files that were edited by hand
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// Lay out the files of a spec
#[derive(Debug, Args)]
#[command(
    long_about = "Lay out the files of a spec: indentation, line breaks, blank lines, the order of a field's clauses.\n\n\
        There is one layout and nothing to choose. Every comment stays where it is, and nothing that is said \
        changes: what would be written is read again and compared first. Lines with mistakes are left as they are.\n\n\
        PATH is a folder, of which every .appspec file is meant (found as in `appspecc check`), or a file. `-` reads \
        standard input and writes standard output.",
    after_long_help = "Examples:\n  \
        appspecc fmt\n  \
        appspecc fmt specs/salon\n  \
        appspecc fmt --check    # in continuous integration\n  \
        appspecc fmt - < shop.appspec    # in an editor"
)]
pub(crate) struct Fmt {
    /// Folders and files, or `-` for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,

    /// Write nothing; show what would change and exit with 4 if anything would
    #[arg(long)]
    pub(crate) check: bool,
}

/// Read the standard library
#[derive(Debug, Args)]
#[command(
    long_about = "Read the standard library.\n\n\
        Without MODULE: what there is. With it: the module's source, which is ordinary .appspec.",
    after_long_help = "Examples:\n  appspecc std\n  appspecc std std.time"
)]
pub(crate) struct Std {
    /// The module, with or without `std.`
    pub(crate) module: Option<String>,
}

/// Explain a diagnostic: what it means, a wrong and a right example
#[derive(Debug, Args)]
#[command(
    long_about = "Explain a diagnostic: what it means, a wrong and a right example.\n\n\
        Without CODE: the list of all codes.",
    after_long_help = "Examples:\n  appspecc explain name::unknown\n  appspecc explain"
)]
pub(crate) struct Explain {
    /// The code, as printed with the finding
    pub(crate) code: Option<String>,
}

/// Show what appspecc understood
#[derive(Debug, Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(
    long_about = "Show what appspecc understood: modules, entities, relations and rules.\n\n\
        --relations, --witness, --invariants and --access show one thing each. With --json it is data: the whole resolved spec, \
        or what was asked for, as described by the JSON Schema that --schema prints.",
    after_long_help = "Examples:\n  \
        appspecc inspect specs/salon\n  \
        appspecc inspect --invariants\n  \
        appspecc inspect --access\n  \
        appspecc inspect --relations --format svg > relations.svg\n  \
        appspecc inspect --witness --json | jq '.rows[].entity'\n  \
        appspecc inspect --json | jq '.entities[].name'"
)]
pub(crate) struct Inspect {
    /// The folder of the spec, or a file of it
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,

    /// Print the resolved spec as JSON, or what another option asks for
    #[arg(long)]
    pub(crate) json: bool,

    /// Print how entities refer to each other, as a diagram
    #[arg(long, conflicts_with_all = ["witness", "invariants"])]
    pub(crate) relations: bool,

    /// The language of the diagram
    #[arg(
        long,
        value_name = "FORMAT",
        requires = "relations",
        conflicts_with = "json"
    )]
    pub(crate) format: Option<Diagram>,

    /// Print an example: a row of each entity, all of which keep every rule together. An entity of which none was found is
    /// named with the reason; that is no error
    #[arg(long, conflicts_with = "invariants")]
    pub(crate) witness: bool,

    /// Print every rule with where it is enforced
    #[arg(long)]
    pub(crate) invariants: bool,

    /// Print who may do what: each role, each entity, each verb, with the fields and the rule
    #[arg(long, conflicts_with_all = ["relations", "witness", "invariants"])]
    pub(crate) access: bool,

    /// Of one role alone, with all that whoever has it may do; or of `anyone`, `signed in` or `system`
    #[arg(
        long = "as",
        value_name = "ROLE",
        requires = "access",
        conflicts_with = "schema"
    )]
    pub(crate) as_role: Option<String>,

    /// Print the JSON Schema of --json
    #[arg(long, conflicts_with_all = ["json", "format", "path"])]
    pub(crate) schema: bool,
}

/// A language of diagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Diagram {
    /// The default; many sites draw it
    Mermaid,
    /// For Graphviz
    Dot,
    /// A picture
    Svg,
}

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:\n  \
    appspecc completions bash > ~/.local/share/bash-completion/completions/appspecc\n  \
    appspecc completions fish > ~/.config/fish/completions/appspecc.fish")]
pub(crate) struct Completions {
    /// Which shell
    pub(crate) shell: Shell,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Pictures for people
    Human,
    /// One line each
    Short,
    /// Data for tools
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Workflow commands of GitHub
    Github,
}

/// Whether to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal
    Auto,
    /// Also into files and pipes
    Always,
    /// Not at all
    Never,
}

impl ColorWhen {
    /// What the arguments ask for, found before they are understood: clap's own messages have colours too.
    pub(crate) fn asked_for(arguments: &[OsString]) -> Self {
        let mut words = arguments
            .iter()
            .filter_map(|word| word.to_str())
            .take_while(|word| *word != "--");
        while let Some(word) = words.next() {
            let value = match word.strip_prefix("--color") {
                Some("") => words.next(),
                Some(rest) => rest.strip_prefix('='),
                None => None,
            };
            if let Some(when) = value.and_then(|value| Self::from_str(value, false).ok()) {
                return when;
            }
        }
        Self::Auto
    }

    /// Whether a stream gets colours.
    pub(crate) fn on(self, is_terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
                is_terminal && !unwanted && !dumb
            }
        }
    }

    pub(crate) fn for_clap(self) -> ColorChoice {
        match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        }
    }
}
