// See the header. The only file that knows the library for command lines.
#include "parser.hpp"

#include "help.hpp"
#include "moment.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

namespace cubicasa::cli {

namespace {

// Complains in the words of CLI11 about a value that is none, or with nothing.
std::string value_problem(kind type, const std::string& text) {
    const auto is = [&](auto convert) {
        arguments one;
        one.add("value", text);
        try {
            return convert(one);
        } catch (const usage_error&) {
            return false;
        }
    };
    switch (type) {
        case kind::integer:
            if (is([](const arguments& a) { return *a.integer("value") >= 0; })) return {};
            return "not a number of 0 or more: " + text;
        case kind::number:
            if (is([](const arguments& a) { return a.number("value").has_value(); })) return {};
            return "not a number: " + text;
        case kind::truth:
            return text == "true" || text == "false" ? "" : "true or false is expected: " + text;
        case kind::moment:
            if (parse_moment(text)) return {};
            return "not a time such as 2026-01-31, 2026-01-31T23:59:59Z or 1769900399: " + text;
        default:
            return {};
    }
}

class builder {
public:
    builder() {
        app_.require_subcommand(0, 1);
        app_.fallthrough();
        app_.set_help_flag("-h,--help", "Print this, and exit");
        app_.set_version_flag("--version", CUBICASA_VERSION, "Print the version, and exit");
        for (const parameter& p : global_parameters()) add(app_, p, global_);
        for (const group_info& g : groups()) {
            CLI::App* group = app_.add_subcommand(g.name, g.summary);
            group->require_subcommand(0, 1);
            group->fallthrough();
            groups_[g.name] = group;
        }
        for (const command& c : commands()) add(c);
    }

    parsed parse(int count, const char* const* words) {
        try {
            app_.parse(count, words);
        } catch (const CLI::CallForHelp&) {
            return helped();
        } catch (const CLI::CallForVersion& version) {
            parsed out;
            out.help = std::string("cubicasa ") + version.what() + "\n";
            return out;
        } catch (const CLI::ParseError& wrong) {
            throw usage_error(complaint(wrong) + ". 'cubicasa " + path() + "--help' tells more");
        }
        parsed out;
        for (const auto& [app, c] : commands_) {
            if (app->parsed()) out.what = c;
        }
        if (out.what == nullptr) return helped();
        out.given = collected(values_[out.what]);
        out.global = collected(global_);
        for (const parameter& p : out.what->parameters) note_unknown_values(p, out);
        return out;
    }

private:
    using values = std::map<std::string, std::vector<std::string>>;

    void add(const command& c) {
        CLI::App* parent = c.group.empty() ? &app_ : groups_.at(c.group);
        CLI::App* app = parent->add_subcommand(c.name, c.summary);
        app->fallthrough();
        values& into = values_[&c];
        for (const parameter& p : c.parameters) add(*app, p, into);
        commands_.emplace_back(app, &c);
    }

    static void add(CLI::App& app, const parameter& p, values& into) {
        std::vector<std::string>& to = into[p.name];
        if (p.type == kind::flag) {
            app.add_flag_callback(p.name, [&to] { to.push_back("true"); });
            return;
        }
        CLI::Option* option = app.add_option(p.name, to);
        option->required(p.required);
        option->check([type = p.type](const std::string& text) { return value_problem(type, text); });
        if (p.repeated && !p.is_option()) return;
        // One value each time: what follows is an argument.
        option->expected(1);
        option->allow_extra_args(false);
        if (p.repeated) {
            option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        } else {
            option->multi_option_policy(CLI::MultiOptionPolicy::Throw);
        }
    }

    // In our words, where those of CLI11 are hard to understand.
    std::string complaint(const CLI::ParseError& wrong) const {
        const std::string text = wrong.what();
        if (dynamic_cast<const CLI::ExtrasError*>(&wrong) != nullptr) {
            const std::vector<std::string> unknown = app_.remaining(true);
            if (unknown.empty()) return text;
            const std::string& first = unknown.front();
            if (first.size() > 1 && first.starts_with('-')) return "there is no option " + first + " here";
            const bool command_expected = !deepest()->get_subcommands({}).empty();
            return (command_expected ? "there is no command '" : "this argument is one too many: '") + first + "'";
        }
        if (dynamic_cast<const CLI::ArgumentMismatch*>(&wrong) != nullptr) {
            const std::string name = text.substr(0, text.find(':'));
            const bool more = text.find("received") != std::string::npos;
            return name + (more ? ": may be given only once" : ": a value is missing");
        }
        return text;
    }

    // The service may know values that we do not.
    static void note_unknown_values(const parameter& p, parsed& out) {
        if (p.choices.empty()) return;
        for (const std::string& text : out.given.all(p.name)) {
            if (std::find(p.choices.begin(), p.choices.end(), text) != p.choices.end()) continue;
            out.notes.push_back(p.name + ": '" + text + "' is not one of the values that are known; see --help");
        }
    }

    static arguments collected(const values& all) {
        arguments out;
        for (const auto& [name, texts] : all) {
            for (const std::string& text : texts) out.add(name, text);
        }
        return out;
    }

    // The subcommand that was named, as far as it is known.
    const CLI::App* deepest() const {
        const CLI::App* here = &app_;
        for (auto next = here->get_subcommands(); !next.empty(); next = here->get_subcommands()) here = next.front();
        return here;
    }
    std::string path() const {
        std::string out;
        for (const CLI::App* here = deepest(); here != &app_; here = here->get_parent())
            out = here->get_name() + " " + out;
        return out;
    }
    // For what was named, as far as it is known.
    parsed helped() const {
        parsed out;
        const CLI::App* named = deepest();
        for (const auto& [app, c] : commands_) {
            if (app == named) out.help = help_for(*c);
        }
        for (const group_info& g : groups()) {
            if (groups_.at(g.name) == named) out.help = help_for(g);
        }
        if (out.help.empty()) out.help = help();
        return out;
    }

    CLI::App app_{"", "cubicasa"};
    values global_;
    std::map<const command*, values> values_;
    std::map<std::string, CLI::App*> groups_;
    std::vector<std::pair<CLI::App*, const command*>> commands_;
};

}  // namespace

parsed parse(int count, const char* const* words) { return builder().parse(count, words); }

}  // namespace cubicasa::cli
