//! How every rule of the grammar is called when it is what was expected. The match is exhaustive: a
//! new rule does not compile until somebody has named it.

use crate::grammar::Rule;

/// The name of a rule for people; empty for what is not worth naming (junk, foreign spellings,
/// words of later versions, and parts that always stand beside something named).
#[allow(
    clippy::too_many_lines,
    reason = "one line for each rule of the grammar"
)]
pub(super) fn of(rule: Rule) -> &'static str {
    match rule {
        Rule::open_round
        | Rule::field_names
        | Rule::sort_list
        | Rule::type_arguments
        | Rule::arguments => "`(`",
        Rule::close_round => "`)`",
        Rule::comma => "`,`",
        Rule::dots => "`..`",
        Rule::use_names => "`.{`",
        Rule::colon => "`:`",
        Rule::default | Rule::equals => "`=`",
        Rule::optional => "`?`",
        Rule::close_square => "`]`",
        Rule::kw_as => "`as`",
        Rule::kw_by => "`by`",
        Rule::kw_cascade => "`cascade`",
        Rule::kw_case => "`case`",
        Rule::kw_create => "`create`",
        Rule::kw_change => "`change`",
        Rule::kw_delete => "`delete`",
        Rule::kw_derive => "`derive`",
        Rule::kw_desc => "`desc`",
        Rule::kw_entity => "`entity`",
        Rule::kw_enum => "`enum`",
        Rule::kw_extend => "`extend`",
        Rule::kw_gapless => "`gapless`",
        Rule::kw_identified => "`identified`",
        Rule::ignoring_case => "`ignoring case`",
        Rule::kw_ignoring => "`ignoring`",
        Rule::range_bound | Rule::kw_in | Rule::kw_sign_in => "`in`",
        Rule::kw_index => "`index`",
        Rule::indexed_mark | Rule::kw_indexed => "`indexed`",
        Rule::kw_invariant => "`invariant`",
        Rule::inverse | Rule::kw_inverse => "`inverse`",
        Rule::kw_is => "`is`",
        Rule::kw_list => "`list`",
        Rule::kw_many => "`many`",
        Rule::matches_bound | Rule::kw_matches => "`matches`",
        Rule::size_bound | Rule::kw_max | Rule::kw_max_of => "`max`",
        Rule::message | Rule::kw_message => "`message`",
        Rule::kw_mixin => "`mixin`",
        Rule::kw_not => "`not`",
        Rule::kw_null => "`null`",
        Rule::file_kinds | Rule::kw_of => "`of`",
        Rule::moment => "`on create` or `on change of`",
        Rule::on_delete => "`on delete`",
        Rule::kw_on => "`on`",
        Rule::kw_no => "`no`",
        Rule::kw_overlap => "`overlap`",
        Rule::per | Rule::per_paths | Rule::kw_per => "`per`",
        Rule::kw_until => "`until`",
        Rule::arrow => "`->`",
        Rule::kw_lifecycle => "`lifecycle`",
        Rule::final_states | Rule::kw_final => "`final`",
        Rule::needs | Rule::kw_needs => "`needs`",
        Rule::guard | Rule::kw_when => "`when`",
        Rule::assignments | Rule::kw_sets => "`sets`",
        Rule::kw_predicate => "`predicate`",
        Rule::kw_project => "`project`",
        Rule::kw_protect => "`protect`",
        Rule::kw_restrict => "`restrict`",
        Rule::kw_one => "`one`",
        Rule::kw_seed => "`seed`",
        Rule::kw_serial => "`serial`",
        Rule::set_null => "`set null`",
        Rule::kw_set => "`set`",
        Rule::kw_shown => "`shown`",
        Rule::kw_sorted => "`sorted`",
        Rule::stored_as => "`stored as`",
        Rule::kw_stored => "`stored`",
        Rule::through | Rule::kw_through => "`through`",
        Rule::touched_mark | Rule::kw_touched => "`touched`",
        Rule::immutable_mark | Rule::kw_immutable => "`immutable`",
        Rule::kw_append => "`append`",
        Rule::kw_all => "`all`",
        Rule::kw_some => "`some`",
        Rule::kw_count => "`count`",
        Rule::kw_sum => "`sum`",
        Rule::kw_exists => "`exists`",
        Rule::kw_min_of => "`min`",
        Rule::kw_have => "`have`",
        Rule::kw_has => "`has`",
        Rule::kw_for => "`for`",
        Rule::kw_only => "`only`",
        Rule::kw_soft => "`soft`",
        Rule::kw_keep => "`keep`",
        Rule::kw_years => "`years`",
        Rule::kw_audited => "`audited`",
        Rule::kw_frozen => "`frozen`",
        Rule::except | Rule::kw_except => "`except`",
        Rule::kw_suppress => "`suppress`",
        Rule::kw_role => "`role`",
        Rule::signed_in_origin => "`for signed in`",
        Rule::granted | Rule::kw_granted => "`granted by`",
        Rule::derived | Rule::kw_from => "`from`",
        Rule::includes | Rule::kw_includes => "`includes`",
        Rule::at_row | Rule::kw_at => "`at`",
        Rule::at_most | Rule::kw_most => "`at most`",
        Rule::signed_in | Rule::kw_signed => "`signed in`",
        Rule::kw_access => "`access`",
        Rule::access_let | Rule::kw_let => "`let`",
        Rule::wall => "`only where`",
        Rule::kw_may => "`may`",
        Rule::kw_do => "`do`",
        Rule::kw_anything => "`anything`",
        Rule::permission => "what may be done",
        Rule::grant => "a grant",
        Rule::role => "a role",
        Rule::kw_up => "`up`",
        Rule::kw_idle => "`idle`",
        Rule::kw_least => "`least`",
        Rule::kw_characters => "`characters`",
        Rule::kw_site => "`site`",
        Rule::kw_origins => "`origins`",
        Rule::kw_email => "`email`",
        Rule::kw_link => "`link`",
        Rule::kw_open => "`open`",
        Rule::kw_invite => "`invite`",
        Rule::kw_closed => "`closed`",
        Rule::kw_down => "`down`",
        Rule::kw_auth => "`auth`",
        Rule::kw_environment => "`environment`",
        Rule::auth => "the `auth` block",
        Rule::environment => "the `environment` block",
        Rule::auth_user | Rule::kw_user => "`user`",
        Rule::kw_sign => "`sign`",
        Rule::sign_in => "`sign in`",
        Rule::sign_up => "`sign up`",
        Rule::session | Rule::kw_session => "`session`",
        Rule::password | Rule::kw_password => "`password`",
        Rule::kw_admin => "`admin`",
        Rule::admin_site => "`admin site`",
        Rule::kw_allow => "`allow`",
        Rule::allow_origins => "`allow origins`",
        Rule::oidc | Rule::kw_oidc => "`oidc`",
        Rule::kw_first => "`first`",
        Rule::first_admin => "`first admin`",
        Rule::method => "`password`, `email link` or `oidc`",
        Rule::var | Rule::kw_var => "`var`",
        Rule::secret | Rule::kw_secret => "`secret`",
        Rule::service | Rule::kw_service => "`service`",
        Rule::when_down => "`when down`",
        Rule::access => "an access block",
        Rule::kw_type => "`type`",
        Rule::unique_mark | Rule::kw_unique => "`unique`",
        Rule::kw_use => "`use`",
        Rule::was | Rule::kw_was => "`was`",
        Rule::condition | Rule::kw_where => "`where`",
        Rule::with | Rule::kw_with => "`with`",
        Rule::open | Rule::value_set => "`{`",
        Rule::close => "`}`",
        Rule::use_item => "a `use`",
        Rule::sort_key | Rule::field => "a field",
        Rule::lifecycle => "a lifecycle",
        Rule::lifecycle_action => "an action",
        Rule::states => "a state",
        Rule::assignment => "a field and its value",
        Rule::labels => "a label",
        Rule::member
        | Rule::derive
        | Rule::predicate_member
        | Rule::unique_member
        | Rule::index_member
        | Rule::invariant
        | Rule::overlap_member
        | Rule::append_only
        | Rule::soft_delete
        | Rule::keep
        | Rule::audited
        | Rule::frozen
        | Rule::shown_as
        | Rule::sorted_by
        | Rule::identified_by
        | Rule::suppress => "a member",
        Rule::suppress_item => "a `suppress`",
        Rule::warning_code => "the code of a warning",
        Rule::mixin => "a mixin",
        Rule::name | Rule::path | Rule::each_row => "a name",
        Rule::predicate_item => "a predicate",
        Rule::project => "a project",
        Rule::range => "a range",
        Rule::raw_text => "a raw text",
        Rule::seed_row => "a row",
        Rule::seed => "a seed",
        Rule::setting | Rule::service_entry => "a setting",
        Rule::size => "a size such as `5MB`",
        Rule::text => "a text in quotes",
        Rule::type_item | Rule::type_ref | Rule::named => "a type",
        Rule::value
        | Rule::enum_value
        | Rule::expression
        | Rule::term
        | Rule::prefix
        | Rule::arithmetic
        | Rule::arithmetic_term
        | Rule::operand
        | Rule::parenthesized
        | Rule::quantified
        | Rule::all_rows
        | Rule::some_row
        | Rule::count_of
        | Rule::sum_of
        | Rule::least_of
        | Rule::exists_row
        | Rule::for_each
        | Rule::gap
        | Rule::reference
        | Rule::list_value
        | Rule::empty_object
        | Rule::op_not
        | Rule::op_negate
        | Rule::number
        | Rule::date_time
        | Rule::date
        | Rule::time
        | Rule::duration
        | Rule::decimal
        | Rule::boolean => "a value",
        Rule::seed_value => "a value for a field",
        Rule::integer => "a whole number",
        Rule::entity => "an entity",
        Rule::enum_item => "an enum",
        Rule::extend => "an extension",
        Rule::infix
        | Rule::postfix
        | Rule::is_set
        | Rule::membership
        | Rule::arithmetic_op
        | Rule::op_and
        | Rule::op_or
        | Rule::op_implies
        | Rule::op_otherwise
        | Rule::op_equal
        | Rule::op_not_equal
        | Rule::op_less
        | Rule::op_less_or_equal
        | Rule::op_greater
        | Rule::op_greater_or_equal
        | Rule::op_add
        | Rule::op_subtract
        | Rule::op_multiply => "an operator",
        Rule::EOI | Rule::eol => "the end of the line",
        Rule::__
        | Rule::in_line
        | Rule::nl
        | Rule::wc
        | Rule::infix_letter
        | Rule::tail_letter
        | Rule::postfix_letter
        | Rule::plain_type
        | Rule::word
        | Rule::word_start
        | Rule::other_word
        | Rule::blanks
        | Rule::at_sign
        | Rule::at_text
        | Rule::blank
        | Rule::goes_on
        | Rule::file
        | Rule::top
        | Rule::item
        | Rule::missing_close
        | Rule::trailing_junk
        | Rule::block_end
        | Rule::bad_header
        | Rule::bad_seed_header
        | Rule::header_text
        | Rule::trailing_entry
        | Rule::setting_line
        | Rule::entry_end
        | Rule::entry_separator
        | Rule::enum_line
        | Rule::entity_header
        | Rule::member_line
        | Rule::action_line
        | Rule::access_line
        | Rule::auth_line
        | Rule::auth_setting
        | Rule::auth_key
        | Rule::origin
        | Rule::environment_line
        | Rule::stages
        | Rule::service_line
        | Rule::member_end
        | Rule::clause
        | Rule::bound
        | Rule::open_range
        | Rule::delete_kind
        | Rule::list_of
        | Rule::many
        | Rule::row_line
        | Rule::value_line
        | Rule::clause_word
        | Rule::operator_word
        | Rule::digit2
        | Rule::clock
        | Rule::day
        | Rule::named_here
        | Rule::reserved_item
        | Rule::reserved_item_word
        | Rule::reserved_rest
        | Rule::reserved_member
        | Rule::reserved_member_word
        | Rule::serial
        | Rule::one_of
        | Rule::reserved_mark
        | Rule::reserved_operand
        | Rule::quantifier
        | Rule::quantifier_word
        | Rule::group
        | Rule::if_then_else
        | Rule::foreign_infix
        | Rule::foreign_divide
        | Rule::foreign_not
        | Rule::foreign_is_null
        | Rule::foreign_is
        | Rule::foreign_list
        | Rule::foreign_operand
        | Rule::foreign_null
        | Rule::foreign_boolean
        | Rule::foreign_text
        | Rule::junk_item
        | Rule::junk_member
        | Rule::junk_action
        | Rule::junk_grant
        | Rule::junk_auth
        | Rule::junk_variable
        | Rule::junk_row
        | Rule::junk_entry
        | Rule::junk_value
        | Rule::junk_piece
        | Rule::junk_named
        | Rule::junk_assigned
        | Rule::junk_complete
        | Rule::junk_separator
        | Rule::junk_paragraph
        | Rule::two_names
        | Rule::junk_closes
        | Rule::junk_line
        | Rule::junk_token
        | Rule::junk_entry_token
        | Rule::junk_dangling
        | Rule::junk_word
        | Rule::junk_string
        | Rule::junk_comment
        | Rule::junk_blank_lines
        | Rule::junk_group
        | Rule::junk_round
        | Rule::junk_square
        | Rule::junk_curly
        | Rule::junk_inner
        | Rule::junk_curly_inner
        | Rule::continuation
        | Rule::item_start
        | Rule::member_start
        | Rule::member_word
        | Rule::row_start
        | Rule::header_like
        | Rule::only_item
        | Rule::only_member
        | Rule::only_action
        | Rule::only_grant
        | Rule::only_auth
        | Rule::only_variable
        | Rule::only_service_entry
        | Rule::only_header
        | Rule::only_setting
        | Rule::only_value
        | Rule::only_row
        | Rule::only_entry => "",
    }
}
