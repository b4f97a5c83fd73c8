// Puts the text of a field on the clipboard, on the person's own click.

export async function copyText(input: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(input.value);
    return true;
  } catch {
    // Without leave for the clipboard, the selected text of the field can still be copied.
    input.focus();
    input.select();
    return document.execCommand("copy");
  }
}

/** The same for a text that stands in no field. */
export async function copyPlain(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}
