//! A transfer as a window shows it, in the list of the transfers or in a conversation of two.

use pod_tests::desktop::Page;
use pod_tests::wait;
use serde_json::json;

/// The row of one file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    page: Page<'a>,
    kind: &'static str,
    name: &'a str,
}

impl<'a> Row<'a> {
    /// In the list of all transfers.
    pub(crate) fn listed(page: Page<'a>, name: &'a str) -> Self {
        Self { page, kind: "transfer", name }
    }

    /// In the conversation with the person at the other end.
    pub(crate) fn in_talk(page: Page<'a>, name: &'a str) -> Self {
        Self { page, kind: "peer-transfer", name }
    }

    /// Its selector.
    pub(crate) fn css(&self) -> String {
        format!("[data-testid={}][data-name={:?}]", self.kind, self.name)
    }

    async fn text(&self) -> String {
        let text =
            self.page.script("return document.querySelector(arguments[0])?.innerText", json!([self.css()]));
        text.await.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Waits until it is in this state.
    pub(crate) async fn is(&self, state: &str) {
        let mut last = None;
        let found = wait::deadline(wait::STEP, async || {
            last = self.page.attribute(&self.css(), "data-state").await;
            (last.as_deref() == Some(state)).then_some(())
        });
        assert!(found.await.is_some(), "{} is {last:?} and not {state}: {}", self.name, self.text().await);
    }

    /// Waits until it says this.
    pub(crate) async fn says(&self, words: &str) {
        let found = wait::deadline(wait::STEP, async || self.text().await.contains(words).then_some(()));
        assert!(found.await.is_some(), "{} does not say {words:?} but: {}", self.name, self.text().await);
    }

    /// Its part of a hundred.
    async fn percent(&self) -> Option<u32> {
        let bar = format!("{} [role=progressbar]", self.css());
        self.page.attribute(&bar, "aria-valuenow").await?.parse().ok()
    }

    /// Waits until it goes on from where it is now.
    pub(crate) async fn moves_on(&self) {
        let first = wait::until(&format!("{} to be shown", self.name), async || self.percent().await).await;
        let further = async || self.percent().await.filter(|part| *part > first);
        let found = wait::deadline(wait::STEP, further).await;
        assert!(found.is_some(), "{} stands still at {first} %: {}", self.name, self.text().await);
    }

    /// Presses one of its buttons.
    pub(crate) async fn press(&self, what: &str) {
        self.page.press(&format!("{} [data-testid={what}]", self.css())).await;
    }
}

/// The names in the list of all transfers, from above.
pub(crate) async fn order(page: &Page<'_>) -> Vec<String> {
    let script =
        "return [...document.querySelectorAll('[data-testid=transfer]')].map((one) => one.dataset.name)";
    let names = page.script(script, json!([])).await.unwrap_or_default();
    names.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Waits until the list has this order.
pub(crate) async fn is_ordered(page: &Page<'_>, names: &[&str]) {
    let mut last = Vec::new();
    let found = wait::deadline(wait::STEP, async || {
        last = order(page).await;
        (last == names).then_some(())
    });
    assert!(found.await.is_some(), "the order is {last:?} and not {names:?}");
}
