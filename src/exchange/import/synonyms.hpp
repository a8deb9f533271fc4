// SPDX-License-Identifier: Apache-2.0
//
// What people write above a column instead of the field's name or label. The only such table. A
// line holds for fields of this name, or, with an entity, for that one. The first word in Russian
// of a part (city, last name) is its label in exports.
#pragma once

#include <array>
#include <string_view>

namespace kith::inline v1::detail {

struct synonym_line {
  std::string_view place;
  std::string_view ru;     ///< label in Russian of what has none in the model
  std::string_view words;  ///< separated by |
};

inline constexpr std::array synonym_lines{
    synonym_line{"client.name", "",
                 "company|organisation|organization|account|customer|firm|client|company name|"
                 "organisation name|organization name|account name|customer name|компания|"
                 "организация|фирма|клиент|контрагент|заказчик|покупатель|наименование|"
                 "название компании|название организации"},
    synonym_line{"contact.name", "",
                 "full name|contact|contact name|person|фио|контактное лицо|имя и фамилия"},
    synonym_line{"user.name", "", "full name|employee|фио|сотрудник"},
    synonym_line{"user.login", "", "username|user name|логин|учётная запись"},
    synonym_line{"product.name", "",
                 "product|product name|item|item name|товар|наименование|номенклатура"},
    synonym_line{"product.code", "", "sku|article|article number|product code|код|код товара"},
    synonym_line{"product.list_price", "", "price|unit price|list price|стоимость"},
    synonym_line{"product.category", "", "group|product group|группа|раздел"},
    synonym_line{"deal.title", "", "deal|opportunity|deal name|opportunity name|сделка"},
    synonym_line{"deal.closes", "",
                 "close date|closing date|expected close|expected close date|дата закрытия"},
    synonym_line{"deal.opened", "", "open date|engage date|created on|дата открытия|дата начала"},
    synonym_line{"sales_order.number", "",
                 "order|order number|order id|invoice no|заказ|номер заказа"},
    synonym_line{"ordered", "", "order date|date|дата"},
    synonym_line{"required_by", "", "required date|due date|срок"},
    synonym_line{"shipped", "", "shipped date|ship date|дата отгрузки"},
    synonym_line{"emails", "",
                 "email|e-mail|mail|email address|e-mail address|эл почта|электронная почта|"
                 "имейл|адрес электронной почты"},
    synonym_line{"mail", "", "email|e-mail|email address|электронная почта|имейл"},
    synonym_line{"phones", "",
                 "phone|phone number|telephone|tel|mobile|mobile phone|cell|cell phone|тел|"
                 "телефон|номер телефона|мобильный|мобильный телефон|сотовый"},
    synonym_line{"tags", "", "tag|label|labels|метка|тег|теги"},
    synonym_line{"street", "Улица", "street address|address line|address line 1|адрес|улица и дом"},
    synonym_line{"city", "Город", "town|населённый пункт"},
    synonym_line{"region", "Регион", "state|province|state or province|область|край"},
    synonym_line{"postal_code", "Индекс", "zip|zip code|postcode|почтовый индекс"},
    synonym_line{"country", "Страна", ""},
    synonym_line{"last_name", "Фамилия", "surname|family name"},
    synonym_line{"first_name", "Имя", "given name|forename"},
    synonym_line{"patronymic", "Отчество", "middle name"},
    synonym_line{"currency", "Валюта", "currency code|код валюты"},
    synonym_line{"website", "", "web|site|url|homepage|home page|web site|веб-сайт"},
    synonym_line{"tax_id", "", "inn|vat|vat id|vat number|tin|tax number|инн"},
    synonym_line{"industry", "", "sector|сфера деятельности"},
    synonym_line{"employees", "",
                 "employee count|number of employees|headcount|количество сотрудников"},
    synonym_line{"annual_revenue", "", "revenue|turnover|выручка|оборот"},
    synonym_line{"founded_year", "", "founded|year established|year founded|foundation year"},
    synonym_line{"birth_date", "", "birthday|birthdate|date of birth|dob|день рождения"},
    synonym_line{"owner", "", "responsible|account manager|sales agent|менеджер"},
    synonym_line{"manager", "", "reports to|boss|руководитель"},
    synonym_line{"parent", "", "parent company|parent account|subsidiary of|головная компания"},
    synonym_line{"source", "", "lead source"},
    synonym_line{"amount", "", "value|budget|бюджет"},
    synonym_line{"note", "", "notes|comment|comments|remark|remarks|комментарий|заметки|заметка"},
    synonym_line{"salutation", "", "title of courtesy"},
    synonym_line{"quantity", "", "qty|кол-во"},
};

}  // namespace kith::inline v1::detail
