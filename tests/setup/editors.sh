# The editors whose settings docs/editors.md gives: found, or installed where that is allowed. Sourced by
# tests/run, for the stage `editors` only.
# shellcheck shell=bash disable=SC2154,SC2034 # tests/run and its other parts share these variables

vim='' emacs='' node=''

set_up_editors() {
  # `vim.tiny` has neither quickfix nor functions, so the name alone is not enough.
  has_vim() { command -v vim >/dev/null && vim --version | grep -q '+quickfix'; }
  has_vim || apt_install vim || true
  if has_vim; then vim=$(command -v vim); else not_run+=("Vim: install it (Debian and Ubuntu: 'apt-get install vim')"); fi
  command -v emacs >/dev/null || apt_install emacs-nox || true
  emacs=$(command -v emacs) || not_run+=("Emacs: install it (Debian and Ubuntu: 'apt-get install emacs-nox')")
  # What runs the expressions of Visual Studio Code; without it, Python's engine does.
  node=$(command -v node) || not_run+=("Node.js: the matcher of Visual Studio Code ran in Python's engine")
}
