/** Other engines than Chromium, where the machine has them. Nothing is installed; what is missing is said. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** @returns {string | undefined} path of a Firefox: FIREFOX_PATH, else one on PATH */
export function firefoxPath() {
  return process.env.FIREFOX_PATH ?? onPath(['firefox-esr', 'firefox'])
}

/** @returns {{ driver: string, browser: string, display: string[] } | undefined} the driver of WebKitGTK, its browser, and what gives it a screen */
export function webkitGtk() {
  const driver = onPath(['WebKitWebDriver'])
  const browser = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib', '/usr/libexec']
    .flatMap((folder) => ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0'].map((version) => join(folder, version, 'MiniBrowser')))
    .find((path) => existsSync(path))
  const screen = process.env.DISPLAY ? [] : onPath(['xvfb-run']) && [onPath(['xvfb-run']), '-a', '--server-args=-screen 0 1280x1024x24']
  return driver && browser && screen ? { driver, browser, display: screen } : undefined
}

function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}
