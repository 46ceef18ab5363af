//! The disk, the terminal and everything else around the compiler.

use crate::code::codes;

codes! { "world";
    BAD_STATE = "bad_state" Error "what earlier builds left can't be understood";
    BUSY = "busy" Error "another build is at work in the same folder";
    CANT_WRITE = "cant_write" Error "a file can't be written";
    CHANGED_MEANWHILE = "changed_meanwhile" Error "a file was changed by somebody else while it was being mended";
    FILE_NAME = "file_name" Error "a file name that can't be the name of a module";
    FOLDER_IN_USE = "folder_in_use" Error "a new spec would be written into a folder that is in use";
    FOREIGN = "foreign" Error "a file that is not of appspecc is where one has to be written";
    FORGOTTEN = "forgotten" Error "files of earlier builds, and no memory of them";
    INSTALL_FAILED = "install_failed" Error "the packages of a project can't be installed";
    INTERRUPTED = "interrupted" Error "a build was interrupted and has not been ended";
    KEPT_BEHIND = "kept_behind" Warning "a kept file lacks what a build changed in it";
    MIGRATION_EDITED = "migration_edited" Error "a migration was changed after it was emitted";
    MIGRATION_MISSING = "migration_missing" Error "a migration that was emitted is gone";
    MIGRATION_STRANGE = "migration_strange" Error "a migration that appspecc did not write";
    NOT_A_FILE = "not_a_file" Error "something named like a spec is not a file";
    NOT_A_SPEC = "not_a_spec" Error "the path is not an .appspec file";
    NOT_FOUND = "not_found" Error "there is nothing at the path";
    NOT_UTF8 = "not_utf8" Error "a file is not UTF-8";
    NO_NETWORK = "no_network" Error "the package index does not answer";
    NO_PYTHON = "no_python" Error "there is no Python to run a project with";
    NO_SPEC = "no_spec" Error "a folder holds no .appspec file";
    OLD_PYTHON = "old_python" Error "the only Python is too old to run a project";
    OTHER_PROJECT = "other_project" Error "a build into the folder of another project";
    OUTSIDE = "outside" Error "a file lies outside the spec's folder";
    PORT_TAKEN = "port_taken" Error "another program listens on the port";
    PROJECT_FAILED = "project_failed" Error "a built project does not start, or its database can't be brought up to it";
    PYTHON_WITHOUT_VENV = "python_without_venv" Error "a Python that can't make virtual environments";
    SERVER_FAILED = "server_failed" Error "the server of a project does not answer";
    SEVERAL_SPECS = "several_specs" Error "a folder holds several specs";
    STRANGE_ENVIRONMENT = "strange_environment" Error "a folder `.venv` that appspecc did not make and can't use";
    TOO_LARGE = "too_large" Error "a file is larger than any spec";
    UNREADABLE = "unreadable" Error "a file or folder can't be read";
    WOULD_OVERWRITE = "would_overwrite" Error "a build would overwrite what it did not write";
}
