//! One window's page, found and read as a screen reader does: things have a role and a name.
//!
//! Every wait is for the page to rest (its idle marker) and for the thing asked for to be there. A [`Page`] is only a
//! way to look: the window may close at any time.

use super::webdriver::{Element, Session, element};
use crate::wait;
use serde_json::{Value, json};

/// Finds elements by role and accessible name. An empty name fits all; names fit when they contain the text.
const FIND: &str = include_str!("find.js");

/// Some frames later what was drawn is on the screen; a window that is covered draws none.
const PAINTED: &str = "return new Promise((done) => {
    let frames = 4;
    const timer = setTimeout(() => done(false), 3000);
    const frame = () => {
        frames -= 1;
        if (frames > 0) return requestAnimationFrame(frame);
        clearTimeout(timer);
        done(true);
    };
    requestAnimationFrame(frame);
})";

/// A window of a person's program.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    session: &'a Session,
    handle: &'a str,
}

impl<'a> Page<'a> {
    /// The page in this window.
    #[must_use]
    pub fn new(session: &'a Session, handle: &'a str) -> Self {
        Self { session, handle }
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str, args: Value) -> Result<Value, String> {
        self.session.switch(self.handle).await?;
        self.session.script(script, args).await
    }

    /// Waits until nothing is under way in the page, and what it brought is painted.
    pub async fn rests(&self) {
        wait::until("the page to rest", async || {
            let idle = self.script("return document.documentElement.dataset.idle", json!([])).await.ok()?;
            (idle == "true").then_some(())
        })
        .await;
        self.script(PAINTED, json!([])).await.expect("the page paints");
    }

    /// Waits until the page was really drawn: for a window in front, before a picture of the screen.
    pub async fn is_drawn(&self) {
        self.rests().await;
        wait::until("the page to be drawn", async || {
            let drawn = self.script(PAINTED, json!([])).await.ok()?;
            (drawn == true).then_some(())
        })
        .await;
    }

    /// The first element with this role whose name contains this text, when the page has one.
    pub async fn look_for(&self, role: &str, name: &str) -> Option<Element> {
        let found = self.script(FIND, json!([role, name])).await.ok()?;
        element(&found)
    }

    /// Waits for an element.
    pub async fn find(&self, role: &str, name: &str) -> Element {
        let what = format!("a {role} named {name:?}");
        let found = wait::deadline(wait::STEP, async || self.look_for(role, name).await).await;
        match found {
            Some(found) => found,
            None => panic!("waited in vain for {what}; the page shows:\n{}", self.text().await),
        }
    }

    /// Waits until no such element is there.
    pub async fn is_gone(&self, role: &str, name: &str) {
        wait::until(&format!("no {role} named {name:?}"), async || {
            self.look_for(role, name).await.is_none().then_some(())
        })
        .await;
    }

    /// Clicks an element, once it is there and the page rests.
    pub async fn click(&self, role: &str, name: &str) {
        self.rests().await;
        wait::until(&format!("to click the {role} {name:?}"), async || {
            let found = self.look_for(role, name).await?;
            self.session.click(&found).await.ok()
        })
        .await;
    }

    /// Clicks the first element a selector finds, once it is there and the page rests: for what is not looked for by
    /// its name.
    pub async fn press(&self, css: &str) {
        self.rests().await;
        let script = "const e = document.querySelector(arguments[0]); return e?.disabled ? null : e";
        wait::until(&format!("to click {css}"), async || {
            let found = element(&self.script(script, json!([css])).await.ok()?)?;
            self.session.click(&found).await.ok()
        })
        .await;
    }

    /// Clicks what closes this window; nobody is left to answer.
    pub async fn click_away(&self, role: &str, name: &str) {
        self.rests().await;
        let found = self.find(role, name).await;
        drop(self.session.click(&found).await);
    }

    /// Types into a field, in place of what stands there.
    pub async fn fill(&self, name: &str, text: &str) {
        self.fill_role("textbox", name, text).await;
    }

    /// As [`Page::fill`], for a field with another role: a `combobox`.
    pub async fn fill_role(&self, role: &str, name: &str, text: &str) {
        let field = self.find(role, name).await;
        self.rests().await;
        let clear = "const f = arguments[0]; f.focus(); f.select?.()";
        let reference = json!({"element-6066-11e4-a52e-4f735466cecf": field.0});
        self.script(clear, json!([reference])).await.expect("a field takes the focus");
        self.session.keys(&field, text).await.expect("a field takes keys");
    }

    /// Presses Enter in a field.
    pub async fn enter(&self, name: &str) {
        let field = self.find("textbox", name).await;
        self.session.keys(&field, "\u{E007}").await.expect("a field takes keys");
    }

    /// All text the page shows.
    pub async fn text(&self) -> String {
        let text = self.script("return document.body.innerText", json!([])).await;
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Waits until the page shows this text.
    pub async fn shows(&self, text: &str) {
        let found = wait::deadline(wait::STEP, async || self.text().await.contains(text).then_some(())).await;
        if found.is_none() {
            panic!("waited in vain for {text:?}; the page shows:\n{}", self.text().await);
        }
    }

    /// What an attribute of an element says, when the page has it.
    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1])";
        self.script(script, json!([css, name])).await.ok()?.as_str().map(str::to_owned)
    }

    /// The middle of an element on the page, in CSS pixels.
    pub async fn middle(&self, css: &str) -> (f64, f64) {
        let script = "const e = document.querySelector(arguments[0]); if (!e) return null;
            const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]";
        wait::until(&format!("an element {css}"), async || {
            let place = self.script(script, json!([css])).await.ok()?;
            Some((place.get(0)?.as_f64()?, place.get(1)?.as_f64()?))
        })
        .await
    }
}
