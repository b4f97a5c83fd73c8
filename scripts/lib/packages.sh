# System packages: which ones, and how they get there. Debian and Ubuntu are served; others are told what is needed.

BUILD_PACKAGES="build-essential pkg-config libwebkit2gtk-4.1-dev librsvg2-dev libayatana-appindicator3-dev libssl-dev libxdo-dev"
# What films and sounds in a folder are played with; without the last, H.264, AAC and others are not. Packages of Pod name them too.
MEDIA_PACKAGES="gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-libav"
TEST_PACKAGES="gstreamer1.0-plugins-base gstreamer1.0-plugins-good xvfb xauth openbox wmctrl xdotool xclip x11-utils dbus dbus-x11 libglib2.0-bin gnome-keyring imagemagick fonts-dejavu-core
  fonts-noto-cjk webkit2gtk-driver at-spi2-core python3 python3-venv python3-gi gir1.2-gtk-3.0 gir1.2-atspi-2.0 curl iproute2
  libfaketime git"

# Installs what is missing of the packages named.
need_packages() {
  case "$(uname -s)" in
    Linux) ;;
    Darwin)
      xcode-select -p >/dev/null 2>&1 || stop "Apple's command line tools are missing." "Run: xcode-select --install"
      return 0 ;;
    *) return 0 ;;
  esac
  if ! command -v apt-get >/dev/null 2>&1; then
    need_other_linux
    return 0
  fi
  local missing="" package
  for package in $*; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  say "Installing system packages"
  note "Missing:$missing"
  local root=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
      stop "these system packages are missing, and there is no sudo:$missing" "Install them as root, then run this again."
    root="sudo"
    note "sudo asks for your password to install them; nothing else is done as root."
  fi
  local apt="apt-get -o DPkg::Lock::Timeout=900"
  $root $apt update
  # shellcheck disable=SC2086  # a list of words on purpose
  $root env DEBIAN_FRONTEND=noninteractive $apt install -y --no-install-recommends $missing ||
    stop "the system packages could not be installed." "Above stands why. When it is mended, run this again."
}

# A distribution without apt: says what is needed instead of guessing its names.
need_other_linux() {
  command -v pkg-config >/dev/null 2>&1 && pkg-config --exists webkit2gtk-4.1 librsvg-2.0 ayatana-appindicator3-0.1 && return 0
  stop "libraries for the desktop window are missing, and this system has no apt." \
    "Fedora: dnf install webkit2gtk4.1-devel librsvg2-devel libayatana-appindicator-gtk3-devel libxdo-devel openssl-devel gcc" \
    "Arch:   pacman -S webkit2gtk-4.1 librsvg libayatana-appindicator xdotool openssl base-devel" \
    "Then run this again."
}

# A keyring keeps the sign-in. Desktops have one; a bare Debian has not.
need_keyring() {
  [ "$(uname -s)" = Linux ] || return 0
  grep -qsl 'Name=org.freedesktop.secrets' /usr/share/dbus-1/services/* && return 0
  command -v apt-get >/dev/null 2>&1 || return 0
  need_packages gnome-keyring
}
