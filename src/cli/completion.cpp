// See the header.
#include "completion.hpp"

#include "command.hpp"

#include <algorithm>

namespace cubicasa::cli {

namespace {

std::string in_quotes(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
    return out + "'";
}

std::string joined(const std::vector<std::string>& words, const std::string& between = " ") {
    std::string out;
    for (const std::string& w : words) out += (out.empty() ? "" : between) + w;
    return out;
}

bool takes_file(const parameter& p) { return p.type == kind::file || p.type == kind::secret_file; }

std::vector<parameter> options_of(const command& c) {
    std::vector<parameter> out;
    for (const parameter& p : c.parameters) {
        if (p.is_option()) out.push_back(p);
    }
    for (const parameter& p : global_parameters()) out.push_back(p);
    return out;
}

std::string words_of(const std::vector<parameter>& options) {
    std::vector<std::string> out;
    for (const parameter& p : options) out.push_back(p.name);
    out.push_back("--help");
    return joined(out);
}

std::string path_of(const command& c) { return c.group.empty() ? c.name : c.group + " " + c.name; }

// The first words, or the commands of a group.
std::vector<std::string> words_in(const std::string& group) {
    std::vector<std::string> out;
    if (group.empty()) {
        for (const group_info& g : groups()) out.push_back(g.name);
    }
    for (const command& c : commands()) {
        if (c.group == group) out.push_back(c.name);
    }
    return out;
}

std::vector<std::string> every_word() {
    std::vector<std::string> out = words_in({});
    for (const group_info& g : groups()) {
        for (const std::string& n : words_in(g.name)) out.push_back(n);
    }
    return out;
}

// What may stand for the values of an option, as a bash command that fills COMPREPLY.
std::string bash_values(const parameter& p) {
    if (!p.choices.empty()) return "COMPREPLY=($(compgen -W " + in_quotes(joined(p.choices)) + " -- \"$word\"))";
    if (takes_file(p)) return "COMPREPLY=($(compgen -f -- \"$word\"))";
    if (p.type == kind::folder) return "COMPREPLY=($(compgen -d -- \"$word\"))";
    return "COMPREPLY=()";
}

std::string for_bash() {
    std::string out = R"(# Completion of cubicasa for bash.
_cubicasa() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path='' i
    for ((i = 1; i < COMP_CWORD; ++i)); do
        case ${COMP_WORDS[i]} in
            -*) ;;
            *)
                case " $path" in
)";
    // Values of options are no part of the path.
    out += "                    ' ') case ${COMP_WORDS[i]} in " + joined(words_in({}), "|") +
           ") path=${COMP_WORDS[i]} ;; esac ;;\n";
    for (const group_info& g : groups()) {
        out += "                    ' " + g.name + "') case ${COMP_WORDS[i]} in " + joined(words_in(g.name), "|") +
               ") path+=\" ${COMP_WORDS[i]}\" ;; esac ;;\n";
    }
    out += "                esac ;;\n        esac\n    done\n    case \"$path $before\" in\n";
    for (const command& c : commands()) {
        for (const parameter& p : c.parameters) {
            if (!p.is_option() || p.type == kind::flag) continue;
            out += "        " + in_quotes(path_of(c) + " " + p.name) + ") " + bash_values(p) + "; return ;;\n";
        }
    }
    for (const parameter& p : global_parameters()) {
        if (p.type == kind::flag) continue;
        out += "        *" + in_quotes(" " + p.name) + ") " + bash_values(p) + "; return ;;\n";
    }
    out += "    esac\n    case $path in\n";
    out += "        '') COMPREPLY=($(compgen -W " +
           in_quotes(joined(words_in({})) + " " + words_of(global_parameters())) + " -- \"$word\")) ;;\n";
    for (const group_info& g : groups()) {
        out += "        " + g.name + ") COMPREPLY=($(compgen -W " + in_quotes(joined(words_in(g.name)) + " --help") +
               " -- \"$word\")) ;;\n";
    }
    for (const command& c : commands()) {
        std::string words = words_of(options_of(c));
        for (const parameter& p : c.parameters) {
            if (!p.is_option() && !p.choices.empty()) words += " " + joined(p.choices);
        }
        out += "        " + in_quotes(path_of(c)) + ") COMPREPLY=($(compgen -W " + in_quotes(words) +
               " -- \"$word\")) ;;\n";
    }
    return out + "    esac\n}\ncomplete -F _cubicasa cubicasa\n";
}

std::string without_colon(std::string text) {
    std::string out;
    for (const char c : text) {
        if (c == ':' || c == '[' || c == ']') out += '\\';
        out += c;
    }
    return out;
}

std::string zsh_option(const parameter& p) {
    std::string out = (p.repeated ? "*" : "") + p.name + "[" + without_colon(p.help) + "]";
    if (p.type == kind::flag) return out;
    out += ":" + without_colon(p.value) + ":";
    if (!p.choices.empty()) return out + "(" + joined(p.choices) + ")";
    if (takes_file(p)) return out + "_files";
    if (p.type == kind::folder) return out + "_files -/";
    return out;
}

std::string for_zsh() {
    std::string out =
        "#compdef cubicasa\n# Completion of cubicasa for zsh.\n_cubicasa() {\n"
        "    local -a path\n    local w\n"
        "    for w in ${words[2,$((CURRENT-1))]}; do\n"
        "        case $w in " +
        joined(every_word(), "|") +
        ") path+=($w) ;; esac\n"
        "    done\n"
        "    case \"${path[1]} ${path[2]}\" in\n";
    for (const command& c : commands()) {
        out += "        " + (c.group.empty() ? in_quotes(c.name + " ") + "*" : in_quotes(path_of(c))) + ") _arguments";
        for (const parameter& p : options_of(c)) out += " \\\n            " + in_quotes(zsh_option(p));
        for (const parameter& p : c.parameters) {
            if (!p.is_option() && !p.choices.empty()) {
                out += " \\\n            " + in_quotes("*:" + p.value + ":(" + joined(p.choices) + ")");
            }
        }
        out += " ;;\n";
    }
    for (const group_info& g : groups()) {
        out += "        " + in_quotes(g.name + " ") + ") compadd " + joined(words_in(g.name)) + " ;;\n";
    }
    out += "        *) compadd " + joined(words_in({})) + " ;;\n";
    return out +
           "    esac\n}\nif [ \"$funcstack[1]\" = _cubicasa ]; then _cubicasa; else compdef _cubicasa cubicasa; fi\n";
}

std::string fish_option(const parameter& p, const std::string& condition) {
    std::string out = "complete -c cubicasa" + condition + " -l " + p.name.substr(2) + " -d " + in_quotes(p.help);
    if (p.type == kind::flag) return out + "\n";
    if (!p.choices.empty()) return out + " -x -a " + in_quotes(joined(p.choices)) + "\n";
    return out + (takes_file(p) || p.type == kind::folder ? " -r -F\n" : " -x\n");
}

std::string for_fish() {
    std::string out = "# Completion of cubicasa for fish.\ncomplete -c cubicasa -f\n";
    for (const group_info& g : groups()) {
        out += "complete -c cubicasa -n __fish_use_subcommand -a " + g.name + " -d " + in_quotes(g.summary) + "\n";
    }
    for (const command& c : commands()) {
        if (c.group.empty()) {
            out += "complete -c cubicasa -n __fish_use_subcommand -a " + c.name + " -d " + in_quotes(c.summary) + "\n";
        } else {
            out += "complete -c cubicasa -n '__fish_seen_subcommand_from " + c.group +
                   "; and not __fish_seen_subcommand_from " + joined(words_in(c.group)) + "' -a " + c.name + " -d " +
                   in_quotes(c.summary) + "\n";
        }
        const std::string seen =
            c.group.empty() ? "__fish_seen_subcommand_from " + c.name
                            : "__fish_seen_subcommand_from " + c.group + "; and __fish_seen_subcommand_from " + c.name;
        for (const parameter& p : c.parameters) {
            if (p.is_option()) {
                out += fish_option(p, " -n " + in_quotes(seen));
            } else if (!p.choices.empty()) {
                out += "complete -c cubicasa -n " + in_quotes(seen) + " -a " + in_quotes(joined(p.choices)) + "\n";
            }
        }
    }
    for (const parameter& p : global_parameters()) out += fish_option(p, "");
    return out;
}

}  // namespace

std::string completion_for(std::string_view shell) {
    if (shell == "bash") return for_bash();
    if (shell == "zsh") return for_zsh();
    if (shell == "fish") return for_fish();
    throw usage_error("completion: one of bash, zsh, fish");
}

}  // namespace cubicasa::cli
