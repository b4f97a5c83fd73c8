//! Each error code has one name on the wire, a status, and a time to ask again.

use super::{ErrorBody, ErrorCode, Retry};

/// Every code, by its name on the wire.
const CODES: &[(&str, u16, Retry)] = &[
    ("bad_request", 400, Retry::Never),
    ("invalid_name", 400, Retry::OnChange),
    ("too_large", 413, Retry::Never),
    ("too_many", 429, Retry::OnChange),
    ("unauthorized", 401, Retry::OnChange),
    ("token_expired", 401, Retry::Now),
    ("wrong_audience", 401, Retry::Never),
    ("signed_out", 401, Retry::OnChange),
    ("wrong_password", 401, Retry::OnChange),
    ("weak_password", 400, Retry::OnChange),
    ("name_taken", 409, Retry::OnChange),
    ("invite_invalid", 403, Retry::OnChange),
    ("setup_code_needed", 403, Retry::OnChange),
    ("role_too_low", 403, Retry::OnChange),
    ("not_found", 404, Retry::Never),
    ("conflict", 409, Retry::OnChange),
    ("locked", 423, Retry::OnChange),
    ("id_reused", 409, Retry::Never),
    ("name_exists", 409, Retry::OnChange),
    ("gone", 410, Retry::Never),
    ("offset_mismatch", 409, Retry::Now),
    ("digest_mismatch", 460, Retry::Never),
    ("unsupported_version", 412, Retry::Never),
    ("last_owner", 409, Retry::OnChange),
    ("quota_exceeded", 413, Retry::OnChange),
    ("server_disk_full", 507, Retry::After),
    ("interlock_stale", 503, Retry::After),
    ("unavailable", 503, Retry::After),
    ("rate_limited", 429, Retry::After),
    ("slow_consumer", 429, Retry::After),
    ("internal", 500, Retry::After),
];

#[test]
fn each_code_has_its_name_its_status_and_a_time_to_ask_again() {
    for (name, status, retry) in CODES {
        let code: ErrorCode = serde_json::from_str(&format!("\"{name}\"")).unwrap();
        assert_eq!((code.to_string().as_str(), code.http_status(), code.retry()), (*name, *status, *retry));
    }
}

#[test]
fn a_refusal_carries_only_what_it_has() {
    let body = ErrorBody::new(ErrorCode::NotFound, "No such room.");
    assert_eq!(serde_json::to_string(&body).unwrap(), r#"{"code":"not_found","message":"No such room."}"#);
    assert_eq!(
        serde_json::from_str::<ErrorBody>(r#"{"code":"gone","new":1}"#).unwrap().code,
        ErrorCode::Gone
    );
}
