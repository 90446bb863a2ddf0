#!/usr/bin/env bash
# Installs what the real servers of the tests need: npm packages and Python environments
# beside this file and, where apt-get may be used, Chromium, PostgreSQL, WordPress and
# fonts. Does nothing the second time.
#
# What cannot be had is named and the tests that need it are skipped; with
# SMMFLOW_REQUIRE_SERVERS=1 a missing part is an error instead.
set -euo pipefail
cd "$(dirname "$0")"
exec </dev/null # nobody is there to answer questions

missing=()

installed() {
  command -v "$1" >/dev/null
}

has_chromium() {
  installed chromium || installed chromium-browser || installed google-chrome
}

has_postgresql() {
  installed initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

has_wordpress() {
  installed mariadbd && installed php && [ -e /usr/share/wordpress/wp-load.php ]
}

has_package() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_system_packages() {
  installed apt-get && [ "$(id -u)" = 0 ] || return 0
  local packages=() font
  has_chromium || packages+=(chromium)
  has_postgresql || packages+=(postgresql postgresql-contrib)
  # Without these, Persian and emoji are boxes in the pictures.
  for font in fonts-noto-core fonts-noto-color-emoji; do
    has_package "$font" || packages+=("$font")
  done
  [ ${#packages[@]} -gt 0 ] || return 0

  echo "Installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update &&
    apt-get -qq install --yes --no-install-recommends "${packages[@]}" >/dev/null ||
    echo 'apt-get failed, see above' >&2
}

# On its own, so that a machine with another database still gets the rest.
install_wordpress() {
  installed apt-get && [ "$(id -u)" = 0 ] && ! has_wordpress || return 0
  echo 'Installing WordPress, MariaDB and PHP'
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update &&
    apt-get -qq install --yes --no-install-recommends \
      wordpress mariadb-server php-cli php-mysql >/dev/null ||
    echo 'apt-get failed, see above' >&2
}

install_npm_packages() {
  # npm writes this file last.
  local done_file=node_modules/.package-lock.json
  if [ ! "$done_file" -nt package-lock.json ]; then
    installed npm || { missing+=('npm (for Bluesky and axe-core)') && return; }
    echo 'Installing the npm packages of the test servers'
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
      missing+=('npm packages (npm ci failed, see above)')
  fi
}

# Servers written in Python get an environment of their own each, so that what they ask
# for can't disagree with what smmflow asks for.
install_python_server() {
  local name=$1 package=$2
  [ -e ".$name/$package" ] && return 0
  echo "Installing $package"
  rm -rf ".$name"
  python3 -m venv ".$name" && ".$name/bin/pip" install --quiet "$package" &&
    touch ".$name/$package" || missing+=("$package (pip failed, see above)")
}

install_system_packages
install_wordpress
install_npm_packages
install_python_server nostr nostr-relay==1.14
install_python_server synapse matrix-synapse==1.163.2
has_chromium || missing+=('Chromium')
has_postgresql || missing+=('PostgreSQL')
has_wordpress || missing+=('WordPress, MariaDB and PHP')

if [ ${#missing[@]} -gt 0 ]; then
  echo 'Tests that need these will be skipped:' >&2
  printf '  %s\n' "${missing[@]}" >&2
  [ "${SMMFLOW_REQUIRE_SERVERS:-}" != 1 ]
fi
