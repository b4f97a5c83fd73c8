import { expect, it } from "vitest";
import { all, click, fireEvent, idle, one, open, waitFor, write } from "./window";

const submit = async () => {
  await fireEvent.submit(one("go").closest("form") as HTMLFormElement);
  await idle();
};

it("the first question offers three ways in and three languages", async () => {
  await open({ signedIn: false });
  expect(["begin-join", "begin-host", "begin-signin", "language-en", "language-ko", "language-zh"].map((id) => all(id).length)).toEqual([1, 1, 1, 1, 1, 1]);
  await click("language-ko");
  expect(one("first-run").textContent).toContain("어떻게 시작할까요?");
  expect(document.documentElement.lang).toBe("ko");
});

it("an invite link leads to an account on that server", async () => {
  const fake = await open({ signedIn: false });
  await click("begin-join");
  await write("link", "pod://10.0.0.5:7600/join?code=ABCD&fp=77aa");
  await submit();
  await write("name", "mina");
  await write("password", "correct horse");
  await submit();
  expect(fake.calls.find((call) => call.do === "sign_up")).toMatchObject({
    server: { url: "https://10.0.0.5:7600", fingerprint: "77aa", invite: "ABCD" }, name: "mina", setup_code: null,
  });
  expect(all("main").length).toBe(1);
});

it("what is no link is told in place", async () => {
  await open({ signedIn: false });
  await click("begin-join");
  await write("link", "hello");
  await submit();
  expect(one("error").dataset.code).toBe("bad_request");
});

it("an address without an invite says what is missing", async () => {
  await open({ signedIn: false });
  await click("begin-join");
  await write("link", "https://10.0.0.5:7600");
  await submit();
  expect(document.body.textContent).toContain("holds no invite");
});

it("a taken name and a short password stand beside their fields", async () => {
  const fake = await open({ signedIn: false });
  await click("begin-join");
  await write("link", "pod://10.0.0.5:7600/join?code=ABCD");
  await submit();
  await write("name", "tomas");
  await write("password", "short");
  await submit();
  expect(one("password").getAttribute("aria-invalid")).toBe("true");
  await write("password", "long enough");
  await submit();
  expect(one("name").getAttribute("aria-invalid")).toBe("true");
  expect(all("main").length).toBe(0);
  expect(fake.calls.filter((call) => call.do === "sign_up").length).toBe(2);
});

it("a server that asks for the setup code gets a field for it", async () => {
  const fake = await open({ signedIn: false, failing: { sign_up: "setup_code_needed" } });
  await click("begin-join");
  await write("link", "pod://10.0.0.5:7600/join?code=ABCD");
  await submit();
  await write("name", "mina");
  await write("password", "correct horse");
  await submit();
  await write("setup", "1234");
  delete fake.failing.sign_up;
  await submit();
  expect(fake.calls.findLast((call) => call.do === "sign_up")).toMatchObject({ setup_code: "1234" });
});

it("a wrong password is told, and the form stays filled", async () => {
  await open({ signedIn: false });
  await click("begin-signin");
  await write("server", "https://10.0.0.5:7600");
  await write("name", "mina");
  await write("password", "wrong");
  await submit();
  expect(one("error").dataset.code).toBe("wrong_password");
  expect((one("name") as HTMLInputElement).value).toBe("mina");
  await write("password", "correct horse");
  await submit();
  expect(all("main").length).toBe(1);
});

it("a server started here leads to the first account and then to the invite link", async () => {
  await open({ signedIn: false });
  await click("begin-host");
  await write("group", "Harbour Studio");
  await submit();
  await write("name", "mina");
  await write("password", "correct horse");
  await submit();
  expect(all("settings").length).toBe(1);
});

it("a keyring that is locked is named, with its code under More", async () => {
  await open({ signedIn: false, failing: { sign_in: "keyring_unavailable" } });
  await click("begin-signin");
  await write("server", "https://10.0.0.5:7600");
  await write("name", "mina");
  await write("password", "x");
  await submit();
  const error = one("error");
  expect(error.textContent).toContain("keyring is locked or missing");
  expect(error.textContent).not.toContain("keyring_unavailable");
  await fireEvent.click(error.querySelector("button") as HTMLButtonElement);
  expect(error.textContent).toContain("keyring_unavailable");
});

it("a link opened while signed in says why nothing happens", async () => {
  const fake = await open();
  fake.link("pod://10.0.0.5:7600/join?code=ABCD");
  await waitFor(() => expect(document.body.textContent).toContain("You are signed in on Harbour Studio already."));
});

it("a link opened on the first page stands in the form at once", async () => {
  const fake = await open({ signedIn: false });
  fake.link("pod://10.0.0.5:7600/join?code=ABCD");
  await waitFor(() => expect((one("link") as HTMLInputElement).value).toContain("ABCD"));
});
