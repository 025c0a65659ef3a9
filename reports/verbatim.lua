-- What print needs after Quarto's own filters, which look for words: trialkit's own
-- functions of typst-show.typ, and every word character for character.

-- What Quarto's template sets as text; it writes other values between quotes.
local shown = { "title", "subtitle", "date", "abstract" }

local function typst(text)
  return pandoc.RawBlock("typst", text)
end

-- Typst takes a word as a string. In its markup `-?`, `-5`, `...` and quotes turn into
-- others.
local function as_string(word)
  if word.text:match("^[%w,()%%]*$") then
    return nil
  end
  local inner = word.text:gsub("\\", "\\\\"):gsub('"', '\\"')
  return pandoc.RawInline("typst", '#"' .. inner .. '";')
end

-- What a page is on, and its finding.
local function heading(header)
  for _, name in ipairs({ "kicker", "finding" }) do
    if header.classes:includes(name) then
      local place = header.identifier ~= "" and (" <" .. header.identifier .. ">") or ""
      local start = header.classes:includes("new-page") and "#pagebreak(weak: true)" or ""
      local inlines = pandoc.Inlines({ pandoc.RawInline("typst", start .. "#" .. name .. "[") })
      inlines:extend(header.content)
      inlines:insert(pandoc.RawInline("typst", "]" .. place))
      return pandoc.Plain(inlines)
    end
  end
end

-- The answers of the first page.
local function answers(list)
  local blocks = pandoc.Blocks({})
  for _, item in ipairs(list.content) do
    local start = pandoc.Inlines({ pandoc.RawInline("typst", "#answer([") })
    start:extend(item[1])
    start:insert(pandoc.RawInline("typst", "], ["))
    blocks:insert(pandoc.Plain(start))
    for _, text in ipairs(item[2]) do
      blocks:extend(text)
    end
    blocks:insert(typst("])"))
  end
  return blocks
end

local function columns(div)
  local blocks = pandoc.Blocks({ typst("#pair(") })
  for _, column in ipairs(div.content) do
    local is_text = column.t == "Div" and column.classes:includes("beside")
    blocks:insert(typst(is_text and "[#beside[" or "["))
    blocks:insert(column)
    blocks:insert(typst(is_text and "]]," or "],"))
  end
  blocks:insert(typst(")"))
  return blocks
end

-- Its first block is its title.
local function box(div)
  local start = { pandoc.RawInline("typst", '#callout("' .. div.attributes.kind .. '", [') }
  local title = pandoc.Inlines(start)
  title:extend(div.content[1].content)
  title:insert(pandoc.RawInline("typst", "])["))
  local blocks = pandoc.Blocks({ pandoc.Plain(title) })
  for number = 2, #div.content do
    blocks:insert(div.content[number])
  end
  blocks:insert(typst("]"))
  return blocks
end

-- Take the boxes of cells away.
local function flat(blocks)
  local all = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    local is_own = block.t == "Div"
      and (block.classes:includes("pair") or block.classes:includes("box"))
    if is_own then
      all:extend(block.classes:includes("pair") and columns(block) or box(block))
    elseif block.t == "Div" and block.identifier == "" then
      all:extend(flat(block.content))
    else
      all:insert(block)
    end
  end
  return all
end

local function is_title(block)
  return block ~= nil and block.t == "Header"
end

local function is_page(block, flipped)
  return block ~= nil and block.t == "RawBlock"
    and block.text:match("^#set page%(flipped: " .. flipped .. "%)") ~= nil
end

-- A heading stands on the turned page that it heads; neighbors share turned pages.
local function turned(blocks)
  local all = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if is_page(block, "true") then
      local place = #all + 1
      while is_title(all[place - 1]) do
        place = place - 1
      end
      if is_page(all[place - 1], "false") then
        all:remove(place - 1)
      else
        all:insert(place, block)
      end
    else
      all:insert(block)
    end
  end
  return all
end

-- A sentence that ends with a colon, or is bold as a whole, is nothing by itself.
local function leads_on(block)
  local inlines = block.content
  local last = inlines[#inlines]
  return #inlines == 1 and last.t == "Strong"
    or last ~= nil and pandoc.utils.stringify(last):match(":$") ~= nil
end

-- What leads on to the next block does not end a page, nor do the sentences between a
-- heading and its figure.
local function held(blocks)
  local all = pandoc.Blocks({})
  for number, block in ipairs(blocks) do
    local after = blocks[number + 1]
    local heads = is_title(blocks[number - 1])
      and after ~= nil and not is_title(after) and after.t ~= "Para"
    if block.t == "Para" and (heads or after ~= nil and leads_on(block)) then
      all:extend({ typst("#lead-on["), block, typst("]") })
    else
      all:insert(block)
    end
  end
  return all
end

-- A table of up to 16 lines stays on one page, as trialkit/report/render/layout.py has it.
local function whole(table)
  local n_lines = 0
  for _, body in ipairs(table.bodies) do
    for _, row in ipairs(body.body) do
      local most = 1
      for number, cell in ipairs(row.cells) do
        local width = table.colspecs[number][2] or 1 / #table.colspecs
        local length = #pandoc.utils.stringify(cell.contents)
        most = math.max(most, 1.2 * length / (108 * width))
      end
      n_lines = n_lines + most
    end
  end
  if n_lines <= 16 then
    return { typst("#unbroken["), table, typst("]") }
  end
end

function Pandoc(document)
  if not quarto.doc.is_format("typst") then
    return nil
  end
  local blocks = held(turned(flat(document.blocks)))
  blocks = blocks:walk({ Table = whole }):walk({ Str = as_string })
  document.blocks = blocks:walk({ Header = heading, DefinitionList = answers })
  for _, key in ipairs(shown) do
    local value = document.meta[key]
    local kind = pandoc.utils.type(value)
    if kind == "Inlines" or kind == "Blocks" then
      document.meta[key] = value:walk({ Str = as_string })
    end
  end
  return document
end
