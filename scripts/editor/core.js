// All that the text field takes from CodeMirror 6; what is not named here is not in the bundle.
export { diff } from "@codemirror/merge";
export { history, redo, standardKeymap, undo } from "@codemirror/commands";
export { ChangeSet, EditorSelection, EditorState, Prec, StateEffect, StateField, Transaction } from "@codemirror/state";
export { Decoration, EditorView, highlightSpecialChars, keymap, WidgetType } from "@codemirror/view";
