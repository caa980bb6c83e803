// What editor_core.js has, for editors that check types (`// @ts-check`): the vendored file has none, so all is `any`.
export const ChangeSet: any;
export const Decoration: any;
export const diff: any;
export const EditorSelection: any;
export const EditorState: any;
export const EditorView: any;
export const highlightSpecialChars: any;
export const history: any;
export const keymap: any;
export const Prec: any;
export const redo: any;
export const standardKeymap: any;
export const StateEffect: any;
export const StateField: any;
export const Transaction: any;
export const undo: any;
export const WidgetType: any;
