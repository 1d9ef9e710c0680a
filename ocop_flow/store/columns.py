"""The columns of every table, said apart from ``store.schema``: loading that takes longer than a command.

Written by ``python -m tests.columns``; a test holds it to the schema.
"""

#: Table -> its columns in order; ``*`` after those of the primary key, ``?`` after those that SQLite gives as 0 or 1.
TABLES = {
    "beside": "id* subject_kind subject commune topic done_on deadline body",
    "certificate": (
        "number* product_code product product_name product_set entity entity_name sought stars commune issuer_code "
        "issuer_name issuer_tier decision issued_on valid_to status status_on replaced_by disputed? unreconciled? "
        "source dossier kept"
    ),
    "command": "key* digest answer recorded_at",
    "council": "code* unit unit_name tier decision round year",
    "counter": "kind* year* last",
    "deadline": (
        "id* subject_kind subject kind rule source mark start_on due_on provisional? stopped stopped_since closed_on "
        "outcome unit unit_name tier plan ladder next_rung_on"
    ),
    "decision": "id* number issuer issuer_name issuer_tier year decided_on kind title status",
    "decision_line": "decision* number* dossier action seq stars status",
    "document": "hash* kind body",
    "dossier": (
        "code* number version state phase tier commune opened_in product folded sought entity plan regime previous "
        "opened_on moved_on closed_on fold"
    ),
    "entity": "code* name folded kind commune commune_from aliases merged_into email phone chat sex ethnic_group",
    "entity_notice": "id* dossier entity seq kind told_of unit unit_name tier over_on next_rung_on",
    "event": "id* subject_kind subject seq hash action recorded_at occurred_on body",
    "head": "id* size code made_at imported_at note peaks",
    "heartbeat": "job* at detail",
    "law": "regime* province* seq* effective_from regime_from regime_to hash",
    "log_order": "position* hash event",
    "log_tile": "number* root",
    "login": "handle* password_hash",
    "message": "id* recipient day address subject message_id status attempts next_at lease lease_until sent_at detail",
    "message_body": "message* body",
    "meta": "name* value",
    "notice": "year* unit* seq as_of source hash",
    "person": "handle* name can_login? office? email left_on",
    "personal": "digest* salt value withheld",
    "plan": "id* number issuer year title issued_on",
    "post": "handle* source* seq* role unit unit_from unit_name tier office decision valid_from valid_to via",
    "product": "code* name folded entity product_set aliases merged_into",
    "reference": "name* version",
    "reminder": (
        "id* deadline due_on recipient recipient_unit rung rung_on role unit unit_name unit_tier tier status message "
        "not_before queued_at changed_at acted_by why"
    ),
    "reminder_act": "id* reminder act actor recorder at until reason",
    "sending": "code* kind unit unit_name to_unit to_name given_on taken_on taken_by",
    "session": "token_hash* handle started_at used_at",
    "sitting": "code* council held_on",
    "unit": "code* valid_from* valid_to name folded kind tier parent_code",
    "unit_contact": "code* email phone",
    "unit_successor": "old_code* new_code* tier* effective* partial?",
}
