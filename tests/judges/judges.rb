# Loads files and formats texts as Rails does: a list of requests on stdin, one answer each on stdout.
require 'json'
require 'i18n'

def leaves(value)
  case value
  when String then [value]
  when Hash then value.values.flat_map { |inner| leaves(inner) }
  when Array then value.flat_map { |inner| leaves(inner) }
  else []
  end
end

def answer(request)
  if request['act'] == 'format'
    values = request['names'].to_h { |name| [name.to_sym, "«#{name}»"] }
    shown = I18n.interpolate(request['text'], values)
    return { shown: request['names'].select { |name| shown.include?("«#{name}»") }.sort }
  end
  backend = I18n::Backend::Simple.new
  backend.load_translations(request['path'])
  found = backend.translations[request['locale'].to_sym]
  raise "nothing for #{request['locale']}, but for #{backend.translations.keys.join(', ')}" if found.nil?
  { texts: leaves(found) }
end

I18n.enforce_available_locales = false
answers = JSON.parse($stdin.read).map do |request|
  answer(request)
rescue StandardError, SyntaxError => error
  { error: error.message[0, 300].then { |message| message.empty? ? 'refused' : message } }
end
puts JSON.generate(answers)
