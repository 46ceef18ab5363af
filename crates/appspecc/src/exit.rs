use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use appspec_diagnostics::{Code, Diagnostics, Severity, codes};

use crate::terminal;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Fine,
    /// The spec has errors.
    Spec,
    /// The arguments make no sense.
    Usage,
    /// The disk, the terminal, or appspecc itself failed.
    World,
    /// The project differs from the spec, a file is not formatted, or files of yours would be overwritten.
    Differs,
    /// Ctrl-C, or the system asked the program to end.
    Stopped,
}

/// What each number means, for the help texts.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the spec has errors
  2  the arguments make no sense
  3  the world failed: a file can't be read or written, or appspecc has a bug
  4  not as the spec says, not formatted, or something of yours would be overwritten
  130  stopped by Ctrl-C or by the system";

impl Exit {
    /// The number that a shell sees.
    pub fn number(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Spec => 1,
            Self::Usage => 2,
            Self::World => 3,
            Self::Differs => 4,
            // As a shell counts it: 128 and the number of the signal.
            Self::Stopped => 130,
        }
    }

    /// What findings mean for the end of the program; the failure of the world weighs most.
    pub(crate) fn of(findings: &Diagnostics) -> Self {
        findings
            .iter()
            .filter(|finding| finding.code.severity == Severity::Error)
            .map(|finding| Self::of_code(finding.code))
            .max_by_key(|exit| exit.number())
            .unwrap_or(Self::Fine)
    }

    fn of_code(code: &Code) -> Self {
        use codes::world::{
            FILE_NAME, FOLDER_IN_USE, FOREIGN, FORGOTTEN, INTERRUPTED, MIGRATION_EDITED,
            MIGRATION_MISSING, MIGRATION_STRANGE, NOT_UTF8, OTHER_PROJECT, OUTSIDE,
            WOULD_OVERWRITE,
        };
        let differs = [
            FOLDER_IN_USE,
            FOREIGN,
            FORGOTTEN,
            INTERRUPTED,
            MIGRATION_EDITED,
            MIGRATION_MISSING,
            MIGRATION_STRANGE,
            OTHER_PROJECT,
            WOULD_OVERWRITE,
        ];
        match code.id.split_once("::") {
            // What the author of the spec can mend in the spec is no failure of the world.
            _ if [FILE_NAME, NOT_UTF8, OUTSIDE].contains(code) => Self::Spec,
            _ if differs.contains(code) => Self::Differs,
            Some(("world", _)) => Self::World,
            _ => Self::Spec,
        }
    }

    /// Shows what clap has to say: help and version are no mistakes.
    pub(crate) fn of_usage(message: &clap::Error) -> Self {
        let printed = message.print().and_then(|()| io::stdout().flush());
        match printed {
            _ if message.use_stderr() => Self::Usage,
            // A closed pipe is no reason to complain.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                terminal::to_stderr(&terminal::undelivered(&error));
                Self::World
            }
            _ => Self::Fine,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
