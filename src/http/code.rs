//! The table of problem codes: what went wrong, for programs, with its status and title.

use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:ident $code:literal $title:literal;)*) => {
        /// What went wrong, for programs. A code never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
        pub enum Code { $($(#[$doc])* #[serde(rename = $code)] $name),* }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as programs read it, the status it comes with, and its title.
            #[must_use]
            pub const fn parts(self) -> (&'static str, StatusCode, &'static str) {
                match self { $(Self::$name => ($code, StatusCode::$status, $title)),* }
            }
        }
    };
}

codes! {
    /// The body is no JSON.
    MalformedJson = BAD_REQUEST "malformed_json" "The body is not valid JSON";
    /// The body is no UTF-8.
    InvalidUtf8 = BAD_REQUEST "invalid_utf8" "The body is not valid UTF-8";
    /// A parameter of the address or a header cannot be used.
    InvalidParameter = BAD_REQUEST "invalid_parameter" "A parameter cannot be used";
    /// There is no key, or it opens nothing.
    Unauthenticated = UNAUTHORIZED "unauthenticated" "A valid key is needed";
    /// The key's role does not allow this.
    Forbidden = FORBIDDEN "forbidden" "This key may not do this";
    /// There is nothing at this address, or nothing that the key may see.
    NotFound = NOT_FOUND "not_found" "There is nothing here";
    /// The address does not take this method.
    MethodNotAllowed = METHOD_NOT_ALLOWED "method_not_allowed" "This address does not take this method";
    /// Only JSON can be answered.
    NotAcceptable = NOT_ACCEPTABLE "not_acceptable" "The answer can only be JSON";
    /// The body did not arrive in time.
    RequestTimeout = REQUEST_TIMEOUT "request_timeout" "The request did not arrive in time";
    /// The key was used before, with another body.
    IdempotencyConflict = CONFLICT "idempotency_conflict" "The idempotency key was used for another request";
    /// The submission has its report already.
    AlreadyFinished = CONFLICT "already_finished" "The submission is finished";
    /// There is a tenant of this name.
    TenantExists = CONFLICT "tenant_exists" "There is a tenant of this name";
    /// The body is larger than this server takes.
    BodyTooLarge = PAYLOAD_TOO_LARGE "body_too_large" "The body is too large";
    /// The body's type is not one that this address takes.
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE "unsupported_media_type" "The body is of a type that is not taken here";
    /// A field that there is not.
    UnknownField = UNPROCESSABLE_ENTITY "unknown_field" "The request has an unknown field";
    /// Fields that cannot be used.
    ValidationFailed = UNPROCESSABLE_ENTITY "validation_failed" "The request cannot be used";
    /// No such exercise or version, or it is retired or not published.
    UnknownExercise = UNPROCESSABLE_ENTITY "unknown_exercise" "There is no such exercise";
    /// The bundle cannot be read or understood.
    BundleInvalid = UNPROCESSABLE_ENTITY "bundle_invalid" "The bundle cannot be used";
    /// The bundle's own solutions were not graded as they should be.
    VerificationFailed = UNPROCESSABLE_ENTITY "verification_failed" "The bundle does not verify";
    /// The grader cannot be admitted.
    GraderRejected = UNPROCESSABLE_ENTITY "grader_rejected" "The grader cannot be admitted";
    /// Only a version that was admitted can be active.
    NotAdmitted = CONFLICT "not_admitted" "The version was not admitted";
    /// Our fault.
    Internal = INTERNAL_SERVER_ERROR "internal" "The server failed";
    /// The server cannot work right now.
    Unavailable = SERVICE_UNAVAILABLE "unavailable" "The server cannot answer right now";
}
