-- Every word arrives in print character for character, as in trialkit's own engine: Typst
-- takes it as a string. In its markup `-?`, `-5`, `...` and quotes turn into others.
-- This runs after Quarto's own filters, which look for words.

-- What Quarto's template sets as text; it writes other values between quotes.
local shown = { "title", "subtitle", "date", "abstract" }

local function as_string(word)
  if word.text:match("^[%w,()%%]*$") then
    return nil
  end
  local inner = word.text:gsub("\\", "\\\\"):gsub('"', '\\"')
  return pandoc.RawInline("typst", '#"' .. inner .. '";')
end

function Pandoc(document)
  if not quarto.doc.is_format("typst") then
    return nil
  end
  document.blocks = document.blocks:walk({ Str = as_string })
  for _, key in ipairs(shown) do
    local value = document.meta[key]
    if pandoc.utils.type(value) == "Inlines" or pandoc.utils.type(value) == "Blocks" then
      document.meta[key] = value:walk({ Str = as_string })
    end
  end
  return document
end
