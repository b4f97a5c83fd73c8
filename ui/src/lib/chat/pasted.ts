/** What a paste brings, as far as the page is told. */
export interface Pasted {
  /** Files or pictures, which the shell takes from the system's clipboard itself. */
  files: boolean;
  /** A file manager's files: where the engine makes no files of them they come as their addresses. */
  named: boolean;
  text: string;
}

/** Reads the kinds and the text of a paste, never the contents of files. */
export function pasted(data: DataTransfer | null): Pasted {
  const kinds = [...(data?.types ?? [])];
  const named = kinds.includes("text/uri-list") && (data?.getData("text/uri-list").startsWith("file:") ?? false);
  const files = named || (data?.files.length ?? 0) > 0 || kinds.some((type) => type === "Files" || type.startsWith("image/"));
  return { files, named, text: data?.getData("text/plain") ?? "" };
}
