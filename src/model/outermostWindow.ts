/** A chat in a frame is being looked at while the focus is in the page around it; a page of another origin may not be asked. */
export function outermostWindow(view: Window = window): Window {
  try {
    return view.parent !== view && view.parent.document ? outermostWindow(view.parent) : view
  } catch {
    // SecurityError: the frame itself is as far as can be seen.
    return view
  }
}
