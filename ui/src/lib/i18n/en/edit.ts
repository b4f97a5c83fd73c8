// Editing a file in a program of this computer, in English.

export const edit = {
  "edit.start": "Edit and lock",
  "edit.again": "Open to edit",
  "edit.label": "Editing of {file}",
  "edit.title": "You edit {file}",
  "edit.fetching": "It opens as soon as it is here.",
  "edit.opening": "{file} is being fetched and then opens.",
  "edit.open": "Each save goes to the room.",
  "edit.sent": { one: "{n} save is in the room.", other: "{n} saves are in the room." },
  "edit.sending": "A save is on its way.",
  "edit.closing": "What is left is sent, then others may edit it.",
  "edit.lost": "Your lock has ended. What you save now is kept as a copy beside it.",
  "edit.copy_of": "Your lock of {file} ended meanwhile. What you wrote is in this copy; nothing is lost.",
  "edit.done": "Done",
  "edit.leave": "Stop without sending",
  "edit.leave_text": "Others may edit it again. What was not sent stays on this computer.",
  "edit.left": "What was not sent is at {path}.",
};
